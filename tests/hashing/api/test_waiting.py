"""Long poll: an answer as soon as the list moves, and no connection held until then."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from pytest_django import Settings

from hashing.api.views import feed
from hashing.lists import moving, services
from hashing.lists.bases import IssuedKey
from hashing.lists.models import List
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from tests.hashing.listing import Desk, admin, make_key, reviewed
from tests.hashing.wire import PUBLICATIONS, bearer, pull, refused

pytestmark = [pytest.mark.usefixtures("committed_db"), pytest.mark.waits]


def waiting_pull(key: IssuedKey, cursor: str, seconds: int) -> dict[str, Any]:
    try:
        return pull(key, cursor=cursor, wait=seconds)
    finally:
        connections.close_all()


def held_connections() -> int:
    """Sessions of this database beside our own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def until(what: Any, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


@pytest.mark.parametrize("redis", ["", "unix:///nowhere/redis.sock?db=0"])
def test_it_answers_when_the_list_moves(redis: str, settings: Settings) -> None:
    desk, key = Desk.make(), make_key(Wire.NATIVE)
    cursor = pull(key)["next_cursor"]
    settings.REDIS_URL = redis or settings.REDIS_URL
    asked = threading.Event()
    with ThreadPoolExecutor(1) as pool, pytest.MonkeyPatch.context() as patch:
        seen = moving._moved

        def noted(*place: Any) -> bool:
            asked.set()
            return seen(*place)

        patch.setattr(moving, "_moved", noted)
        answer = pool.submit(waiting_pull, key, cursor, 30)
        assert asked.wait(10)
        until(lambda: held_connections() == 0)
        assert not answer.done()
        entry = desk.listed()
        page = answer.result(15)
    assert [line["entry"] for line in page["publications"]] == [str(entry.pk)]


def test_it_ends_empty_when_the_time_is_over() -> None:
    key = make_key(Wire.NATIVE)
    cursor = pull(key)["next_cursor"]
    assert pull(key, cursor=cursor, wait=1) == {
        "publications": [],
        "next_cursor": cursor,
        "has_more": False,
    }


def test_what_is_there_already_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    Desk.make().listed()
    monkeypatch.setattr(moving, "_heard", lambda *_: pytest.fail("it waited"))
    assert len(pull(make_key(Wire.NATIVE), wait=30)["publications"]) == 1


def test_a_new_epoch_ends_the_wait() -> None:
    key = make_key(Wire.NATIVE)
    cursor = pull(key)["next_cursor"]
    place = List.objects.get(slug="reviewed")
    services.restart_list(Context.system("restore"), hash_list=reviewed())
    moving.wait(place.pk, place.epoch, place.head, 30)
    response = Client().get(PUBLICATIONS, {"cursor": cursor, "wait": 30}, headers=bearer(key))
    refused(response, 410, "list_restarted")


def test_more_than_may_wait_are_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_key(Wire.NATIVE)
    cursor = pull(key)["next_cursor"]
    monkeypatch.setattr(feed, "_WAITING", threading.BoundedSemaphore(1))
    monkeypatch.setattr(moving, "wait", lambda *_: pytest.fail("it waited"))
    with feed._WAITING:
        assert pull(key, cursor=cursor, wait=30)["publications"] == []


def test_a_key_that_ends_while_it_waits_is_given_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_key(Wire.NATIVE)
    cursor = pull(key)["next_cursor"]
    monkeypatch.setattr(moving, "wait", lambda *_: services.revoke_key(admin(), prefix=key.prefix))
    response = Client().get(PUBLICATIONS, {"cursor": cursor, "wait": 30}, headers=bearer(key))
    refused(response, 401, "key_refused")
    assert AuditEntry.objects.get(verb="partner.refused").payload["reason"] == "revoked"
    assert AuditEntry.objects.filter(verb="list.pulled").count() == 1


def test_the_wait_is_bounded() -> None:
    response = Client().get(PUBLICATIONS, {"wait": 31}, headers=bearer(make_key(Wire.NATIVE)))
    refused(response, 400, "invalid")
