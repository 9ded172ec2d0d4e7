"""`GET /api/v1/lists/{slug}/publications`."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from hashing.lists import places, services
from hashing.lists.models import EntryFingerprint, List, PartnerPosition, Publication
from hashing.lists.models.quarantine import Outcome
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from tests.hashing.listing import Desk, admin, make_key, make_partner, make_picture, reviewed
from tests.hashing.wire import PUBLICATIONS, bearer, pull, refused

pytestmark = pytest.mark.django_db
# All that a line says of an entry that has left.
GONE = {"position", "at", "entry", "state", "reason", "created", "modified"}


def test_an_active_line_carries_every_fingerprint() -> None:
    desk, key = Desk.make(), make_key(Wire.NATIVE)
    picture = make_picture(pdq="f8" * 32)
    entry = desk.listed(picture)
    page = pull(key)
    (line,) = page["publications"]
    assert page["has_more"] is False
    assert (line["position"], line["entry"], line["state"]) == (1, str(entry.pk), "active")
    assert (line["media_type"], line["verification"]) == ("image", "agency_verified")
    assert (line["category"], line["agency"], line["feedback"]) == ("ncii", "Agency", {})
    entry.refresh_from_db()
    assert entry.listed_at is not None
    assert line["created"] == line["modified"] == line["at"]
    assert datetime.fromisoformat(line["created"]) == entry.listed_at
    assert {one["type"] for one in line["hashes"]} == {"sha256", "md5", "phash", "pdq"}
    (pdq,) = (one for one in line["hashes"] if one["type"] == "pdq")
    assert pdq == {
        "type": "pdq",
        "variant": "original",
        "value": "f8" * 32,
        "quality": 100,
        "algorithm": "pdq-1",
        "max_distance": 31,
    }
    assert str(picture.pk) not in str(page)


def test_deltas_follow_the_cursor_and_end_in_a_cursor() -> None:
    desk, key = Desk.make(), make_key(Wire.NATIVE)
    for _ in range(5):
        desk.approved()
    services.publish_pending()
    first = pull(key, limit=3)
    assert [line["position"] for line in first["publications"]] == [1, 2, 3]
    assert first["has_more"] is True
    second = pull(key, limit=3, cursor=first["next_cursor"])
    assert [line["position"] for line in second["publications"]] == [4, 5]
    assert second["has_more"] is False
    third = pull(key, cursor=second["next_cursor"])
    assert third == {"publications": [], "next_cursor": second["next_cursor"], "has_more": False}


def test_a_withdrawal_shows_no_fingerprint_from_that_moment() -> None:
    desk, key = Desk.make(), make_key(Wire.NATIVE)
    picture = make_picture()
    entry = desk.listed(picture)
    values = set(picture.fingerprints.values_list("value", flat=True))
    cursor = pull(key)["next_cursor"]
    desk.withdraw(entry)
    (line,) = pull(key)["publications"]
    assert line["state"] == "withdrawn"
    assert set(line) == GONE
    assert line["reason"] == "mistake"
    services.publish_pending()
    (tombstone,) = pull(key, cursor=cursor)["publications"]
    assert (tombstone["position"], tombstone["entry"], tombstone["state"]) == (2, str(entry.pk), "withdrawn")
    whole = str(pull(key))
    assert not any(value in whole for value in values)
    assert not EntryFingerprint.objects.filter(entry=entry).exists()


def test_a_quarantine_shows_no_fingerprint_and_ends_with_an_active_line() -> None:
    desk, key = Desk.make(), make_key(Wire.NATIVE)
    found = desk.quarantined(desk.listed())
    held = pull(key)["publications"]
    assert [line["state"] for line in held] == ["quarantined", "quarantined"]
    assert all(set(line) == GONE for line in held)
    desk.judge(found)
    services.publish_pending()
    last = pull(key)["publications"][-1]
    assert (last["position"], last["state"], len(last["hashes"])) == (3, "active", 4)


def test_a_quarantine_that_ends_with_a_withdrawal_says_so_on_every_line() -> None:
    desk, key = Desk.make(), make_key(Wire.NATIVE)
    desk.judge(desk.quarantined(desk.listed()), Outcome.WITHDRAWN)
    assert [line["state"] for line in pull(key)["publications"]] == ["withdrawn", "withdrawn"]
    services.publish_pending()
    lines = pull(key)["publications"]
    assert [(line["position"], line["state"]) for line in lines] == [
        (1, "withdrawn"),
        (2, "withdrawn"),
        (3, "withdrawn"),
    ]


def test_each_pull_is_audited_and_moves_the_position() -> None:
    desk, partner = Desk.make(), make_partner()
    key = make_key(Wire.NATIVE, partner)
    desk.listed()
    desk.listed()
    cursor = pull(key)["next_cursor"]
    place = PartnerPosition.objects.get(partner=partner)
    assert (place.position, place.proven) == (2, 0)
    pull(key, cursor=cursor)
    place.refresh_from_db()
    assert (place.position, place.proven) == (2, 2)
    first, second = AuditEntry.objects.filter(verb="list.pulled").order_by("waiting__position")
    assert (first.actor_kind, first.actor_id) == ("partner", str(partner.pk))
    assert first.payload == {"wire": "native", "after": 0, "position": 2, "entries": 2}
    assert second.payload == {"wire": "native", "after": 2, "position": 2, "entries": 0}


def test_a_cursor_that_was_made_up_proves_nothing() -> None:
    desk, partner = Desk.make(), make_partner()
    key = make_key(Wire.NATIVE, partner)
    desk.listed()
    assert pull(key, cursor=places.encode(reviewed(), 1))["publications"] == []
    place = PartnerPosition.objects.get(partner=partner)
    assert (place.position, place.proven) == (0, 0)


def test_a_pull_changes_nothing_else() -> None:
    desk, key = Desk.make(), make_key(Wire.NATIVE)
    desk.listed()
    before = (list(List.objects.order_by("pk").values()), Publication.objects.count())
    pull(key)
    assert (list(List.objects.order_by("pk").values()), Publication.objects.count()) == before


@pytest.mark.parametrize(
    "query",
    ["cursor=", "limit=", "limit=0", "limit=1001", "limit=x", "limit=1&limit=2", "page=2", "=", "cursor=%00"],
)
def test_junk_is_refused_clearly(query: str) -> None:
    response = Client().get(f"{PUBLICATIONS}?{query}", headers=bearer(make_key(Wire.NATIVE)))
    refused(response, 400, "bad_cursor" if query == "cursor=%00x" else "invalid")


@pytest.mark.parametrize("cursor", ["x", "AAAA", "é", "A" * 48, "====", "-1"])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    response = Client().get(PUBLICATIONS, {"cursor": cursor}, headers=bearer(make_key(Wire.NATIVE)))
    refused(response, 400, "bad_cursor")
    assert not AuditEntry.objects.filter(verb="list.pulled").exists()
    assert not PartnerPosition.objects.exists()


def test_another_lists_cursor_is_refused() -> None:
    partner = make_partner()
    other = List.objects.get(slug="self-reported")
    services.entitle(admin(), partner=partner, hash_list=other, asked_for=True)
    key = make_key(Wire.NATIVE, partner)
    page = Client().get("/api/v1/lists/self-reported/publications", headers=bearer(key)).json()
    response = Client().get(PUBLICATIONS, {"cursor": page["next_cursor"]}, headers=bearer(key))
    refused(response, 400, "bad_cursor")


def test_a_cursor_of_an_earlier_epoch_says_start_again() -> None:
    desk, key = Desk.make(), make_key(Wire.NATIVE)
    entry = desk.listed()
    withdrawn = desk.withdraw(desk.listed())
    services.publish_pending()
    cursor = pull(key)["next_cursor"]
    services.restart_list(Context.system("restore"), hash_list=reviewed())
    response = Client().get(PUBLICATIONS, {"cursor": cursor}, headers=bearer(key))
    refused(response, 410, "list_restarted")
    services.publish_pending()
    page = pull(key)
    assert [line["entry"] for line in page["publications"]] == [str(entry.pk)]
    assert str(withdrawn.pk) not in str(page)
    assert page["publications"][0]["position"] == 1


def test_a_list_without_entitlement_is_not_there() -> None:
    key = make_key(Wire.NATIVE)
    for slug in ("self-reported", "nowhere"):
        response = Client().get(f"/api/v1/lists/{slug}/publications", headers=bearer(key))
        refused(response, 404, "no_such_list")
    entries = AuditEntry.objects.filter(verb="partner.refused")
    assert [each.payload for each in entries] == [{"wire": "native", "reason": "entitlement"}] * 2
    listed = Client().get("/api/v1/lists/", headers=bearer(key)).json()["lists"]
    assert [each["slug"] for each in listed] == ["reviewed", "sandbox"]
    assert listed[0]["distances"] == {"pdq": 31}


def test_every_other_address_is_a_problem_too() -> None:
    refused(Client().get("/api/v1/nowhere"), 404, "not_found")
    response = Client().post(PUBLICATIONS, headers=bearer(make_key(Wire.NATIVE)))
    refused(response, 405, "method_not_allowed")
