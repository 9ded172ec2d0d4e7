"""/healthz: whether all is well, and nothing more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from portal.audit import Subject, Verb, record
from portal.core import clock, health
from portal.core.context import Context


def test_all_is_well(committed_db: None, client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_without_redis_it_fails_and_says_no_more(committed_db: None, client: Client, settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (503, {"status": "failing"})


def test_entries_that_nobody_seals_are_noticed(
    committed_db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        record(Context.system("test"), Verb.AGENCY_CHANGED, Subject("team", uuid4()), field="name")
    assert client.get("/healthz").status_code == 200
    monkeypatch.setattr(health, "LONGEST_SEALING", timedelta(seconds=-1))

    assert client.get("/healthz").status_code == 503


def test_each_check_asks_for_a_time(committed_db: None) -> None:
    for check in (health.AuditSealing(), health.PictureQueue()):
        assert health._scalar(f"SELECT ({check.oldest()}) < '{clock.now().isoformat()}'") in {None, True}


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_only_answers(db: None, client: Client, method: str) -> None:
    assert getattr(client, method)("/healthz").status_code == 405
