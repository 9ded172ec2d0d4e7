"""`GET /api/v1/status` and `/signing-keys`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from hashing.lists import services, signing
from hashing.lists.models import Entry
from hashing.lists.services.publishing import owed
from hashing.lists.states import Wire
from portal.core import clock
from tests.factories import ctx_of
from tests.hashing.listing import Desk, admin, make_key, make_partner, reviewed
from tests.hashing.wire import bearer

pytestmark = pytest.mark.django_db
STATUS = "/api/v1/status"


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hashing.matching.service.available", lambda: True)


def test_without_a_key_it_tells_of_no_list() -> None:
    Desk.make().listed()
    found = Client().get(STATUS).json()
    assert set(found) == {"status", "at", "publisher_lag", "lookup"}
    assert (found["status"], found["publisher_lag"], found["lookup"]) == ("ok", 0, "ready")


def test_with_a_key_it_tells_how_far_its_lists_have_come() -> None:
    Desk.make().listed()
    found = Client().get(STATUS, headers=bearer(make_key(Wire.NATIVE))).json()
    places = {each["slug"]: each["position"] for each in found["lists"]}
    assert places["reviewed"] == reviewed().head == 1
    assert "self-reported" not in places


def test_a_change_that_waits_too_long_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Desk.make().approved()
    long_ago = clock.now() - timedelta(seconds=90)
    Entry.objects.filter(pk=entry.pk).update(decided_at=long_ago)
    found = Client().get(STATUS).json()
    assert found["status"] == "degraded"
    assert 90 <= found["publisher_lag"] <= 120
    services.publish_pending()
    assert Client().get(STATUS).json()["status"] == "ok"


@pytest.mark.parametrize("change", ["quarantined", "restored", "waited", "restarted"])
def test_a_change_of_an_old_entry_is_no_older_than_it_is(change: str) -> None:
    desk = Desk.make()
    entry = desk.listed()
    long_ago = clock.now() - timedelta(days=90)
    if change == "restored":
        desk.judge(desk.quarantined(entry))
    Entry.objects.filter(pk=entry.pk).update(decided_at=long_ago)
    if change == "quarantined":
        services.quarantine(ctx_of(desk.caseworker), entry_id=entry.pk, reason="disputed")
    elif change == "restarted":
        services.restart_list(admin(), hash_list=reviewed())
    elif change == "waited":
        now = clock.now()
        waited = desk.approved()
        Entry.objects.filter(pk=waited.pk).update(decided_at=long_ago, wait_until=now, guarded_at=now)
    assert owed().count() == 1
    found = Client().get(STATUS).json()
    assert (found["status"], found["publisher_lag"] < 60) == ("ok", True)


def test_look_ups_that_are_not_answered_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hashing.matching.service.available", lambda: False)
    found = Client().get(STATUS).json()
    assert (found["status"], found["lookup"]) == ("degraded", "unavailable")


def test_the_signing_keys_are_those_of_the_list() -> None:
    make_partner()
    assert Client().get("/api/v1/signing-keys").json() == signing.key_set()
