"""`GET /stopncii/v1/FetchHashes`: types, pages, checkpoints, and who is told of a withdrawn value."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from hashing.interop.tokens import PageToken
from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.models import List, PartnerPosition, ServedRecord, WireRecord
from hashing.lists.states import Category, Wire
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from tests.factories import make_agency
from tests.hashing.listing import Desk, admin, make_key, make_partner, make_picture, pdq_value, reviewed
from tests.hashing.wire import fetch_hashes, refused, two_keys

pytestmark = pytest.mark.django_db
ADDRESS = "/stopncii/v1/FetchHashes"


def run(key: IssuedKey, start: int = 10, size: int = 800) -> tuple[list[dict[str, Any]], int]:
    """All pages of a run and the checkpoint that it ends with; the checkpoint must never fall."""
    records: list[dict[str, Any]] = []
    page = fetch_hashes(key, startTimestamp=start, pageSize=size)
    reached = start
    while True:
        assert page["nextSetTimestamp"] >= reached
        assert page["count"] == len(page["hashRecords"])
        reached = page["nextSetTimestamp"]
        records += page["hashRecords"]
        if not page["hasMoreRecords"]:
            assert page["nextPageToken"] is None
            return records, reached
        assert reached == page["hashRecords"][-1]["lastModtimestamp"]
        token = page["nextPageToken"]
        page = fetch_hashes(key, startTimestamp=start, pageSize=size, nextPageToken=token)


def test_an_active_record_in_the_wires_own_types() -> None:
    make_agency(name="eSafety Example")
    entry = Desk.make().listed(make_picture(pdq="f8" * 32))
    response = Client().get(
        ADDRESS, {"startTimestamp": 10, "pageSize": 800}, headers=two_keys(make_key(Wire.STOPNCII))
    )
    assert response.headers["Content-Type"] == "application/json"
    assert int(response.headers["Content-Length"]) == len(response.content)
    page = json.loads(response.content)
    (record,) = page["hashRecords"]
    at = record["lastModtimestamp"]
    assert type(at) is int
    assert page == {
        "count": 1,
        "nextSetTimestamp": at,
        "nextPageToken": None,
        "hasMoreRecords": False,
        "hashRecords": [record],
    }
    assert record == {
        "lastModtimestamp": at,
        "signalType": "ImagePDQ",
        "hashValue": "f8" * 32,
        "hashStatus": "Active",
        "caseNumbers": {str(entry.pk): "Active"},
        "CSPFeedbacks": [{"source": "eSafety Example", "feedbackValue": "Blocked", "tags": ["ncii"]}],
        "hashRegions": [],
    }


def test_nothing_new_gives_the_start_back() -> None:
    page = fetch_hashes(make_key(Wire.STOPNCII), startTimestamp=2_000_000_000)
    assert page == {
        "count": 0,
        "nextSetTimestamp": 2_000_000_000,
        "nextPageToken": None,
        "hasMoreRecords": False,
        "hashRecords": [],
    }


def test_pages_hold_each_record_once_and_the_start_is_inclusive() -> None:
    desk, key = Desk.make(), make_key(Wire.STOPNCII)
    for _ in range(7):
        desk.approved()
    services.publish_pending()
    records, reached = run(key, size=3)
    assert len({record["hashValue"] for record in records}) == len(records) == 7
    again, same = run(key, start=reached, size=3)
    assert ({record["hashValue"] for record in again}, same) == (
        {record["hashValue"] for record in records},
        reached,
    )


def test_a_change_during_a_run_belongs_to_the_next_one() -> None:
    desk, key = Desk.make(), make_key(Wire.STOPNCII)
    entries = [desk.approved() for _ in range(4)]
    services.publish_pending()
    first = fetch_hashes(key, pageSize=2)
    for entry in entries:
        desk.withdraw(entry)
    services.publish_pending()
    rest = fetch_hashes(key, pageSize=2, nextPageToken=first["nextPageToken"])
    assert (rest["hashRecords"], rest["hasMoreRecords"]) == ([], False)
    assert rest["nextSetTimestamp"] >= first["nextSetTimestamp"]
    records, _ = run(key, start=rest["nextSetTimestamp"])
    assert {record["hashValue"] for record in records} == {
        record["hashValue"] for record in first["hashRecords"]
    }
    assert {record["hashStatus"] for record in records} == {"Withdrawn"}


def test_a_withdrawn_value_is_told_to_those_who_had_it_and_nobody_else() -> None:
    desk = Desk.make()
    had, never = (make_key(Wire.STOPNCII, make_partner(name)) for name in ("Had", "Never"))
    value = pdq_value()
    entry = desk.listed(make_picture(pdq=value))
    _, reached = run(had)
    desk.withdraw(entry)
    services.publish_pending()
    ((record,), _) = run(had, start=reached)
    assert (record["hashValue"], record["hashStatus"]) == (value, "Withdrawn")
    assert (record["caseNumbers"], record["CSPFeedbacks"]) == ({str(entry.pk): "Withdrawn"}, [])
    assert run(never) == ([], 10)
    assert run(never) == ([], 10)
    row = WireRecord.objects.get()
    assert row.value is None
    assert value.encode() not in bytes(row.__dict__["sealed"])


def test_a_partner_that_came_before_the_listing_is_not_told() -> None:
    desk, key = Desk.make(), make_key(Wire.STOPNCII)
    _, reached = run(key)
    entry = desk.listed()
    desk.withdraw(entry)
    services.publish_pending()
    assert run(key, start=reached) == ([], reached)


def test_a_value_stays_while_another_entry_holds_it() -> None:
    desk, key = Desk.make(), make_key(Wire.STOPNCII)
    value = pdq_value()
    first, second = (desk.listed(make_picture(pdq=value)) for _ in range(2))
    run(key)
    desk.withdraw(first)
    services.publish_pending()
    ((record,), _) = run(key)
    assert (record["hashValue"], record["hashStatus"]) == (value, "Active")
    assert record["caseNumbers"] == {str(first.pk): "Withdrawn", str(second.pk): "Active"}
    desk.withdraw(second)
    services.publish_pending()
    ((record,), _) = run(key)
    assert record["hashStatus"] == "Withdrawn"
    assert set(record["caseNumbers"].values()) == {"Withdrawn"}
    third = desk.listed(make_picture(pdq=value))
    ((record,), _) = run(key)
    assert (record["hashStatus"], record["caseNumbers"][str(third.pk)]) == ("Active", "Active")


def test_the_tags_are_the_categories_of_what_is_active() -> None:
    desk, key = Desk.make(), make_key(Wire.STOPNCII)
    value = pdq_value()
    entries = [
        desk.approve(desk.propose(make_picture(pdq=value), category=category))
        for category in (Category.THREATENED, Category.SYNTHETIC, Category.SYNTHETIC)
    ]
    services.publish_pending()
    assert tags(key) == ["synthetic", "threatened"]
    desk.withdraw(entries[1])
    services.publish_pending()
    assert tags(key) == ["synthetic", "threatened"]
    desk.withdraw(entries[0])
    services.publish_pending()
    assert tags(key) == ["synthetic"]
    desk.withdraw(entries[2])
    services.publish_pending()
    assert WireRecord.objects.get().categories == []


def tags(key: IssuedKey) -> list[str]:
    ((record,), _) = run(key)
    (feedback,) = record["CSPFeedbacks"]
    found: list[str] = feedback["tags"]
    return found


def test_a_tombstone_is_dropped_after_45_days() -> None:
    desk, key = Desk.make(), make_key(Wire.STOPNCII)
    entry, kept = desk.listed(), desk.listed()
    run(key)
    desk.withdraw(entry)
    services.publish_pending()
    with travel(clock.now() + timedelta(days=45, minutes=-1)):
        assert services.expire_tombstones() == 0
    with travel(clock.now() + timedelta(days=45, minutes=1)):
        assert services.expire_tombstones() == 1
        assert services.expire_tombstones() == 0
    assert [list(row.cases) for row in WireRecord.objects.all()] == [[str(kept.pk)]]
    assert ServedRecord.objects.count() == 1
    assert AuditEntry.objects.get(verb="list.expired").payload == {"records": 1}
    records, _ = run(key)
    assert [record["hashStatus"] for record in records] == ["Active"]


def test_variants_are_records_that_share_a_case_number() -> None:
    values = {"original": pdq_value(), "rotate90": pdq_value(), "flipx": pdq_value()}
    entry = Desk.make().listed(make_picture(variants=values))
    records, _ = run(make_key(Wire.STOPNCII))
    assert {record["hashValue"] for record in records} == set(values.values())
    assert {next(iter(record["caseNumbers"])) for record in records} == {str(entry.pk)}


def test_the_position_shows_what_was_handed_out_and_what_is_proven() -> None:
    desk, partner = Desk.make(), make_partner()
    key = make_key(Wire.STOPNCII, partner)
    desk.listed()
    _, reached = run(key)
    place = PartnerPosition.objects.get(partner=partner, wire="stopncii")
    assert (place.position, place.proven) == (1, 0)
    run(key, start=reached + 1)
    place.refresh_from_db()
    assert (place.position, place.proven) == (1, 1)
    pulls = AuditEntry.objects.filter(verb="list.pulled").order_by("waiting__position")
    assert [entry.payload["entries"] for entry in pulls] == [1, 0]


def test_a_start_that_was_made_up_proves_nothing() -> None:
    desk, partner = Desk.make(), make_partner()
    key = make_key(Wire.STOPNCII, partner)
    desk.listed()
    run(key, start=10**14)
    place = PartnerPosition.objects.get(partner=partner, wire="stopncii")
    assert (place.position, place.proven) == (0, 0)
    run(key)
    place.refresh_from_db()
    assert (place.position, place.proven) == (1, 0)


@pytest.mark.parametrize("change", [{"top": 2}, {"after": 2, "top": 2}, {"after": 2}, {"last_mod": 10**12}])
def test_a_token_of_a_place_that_the_list_has_not_come_to_is_refused(change: dict[str, int]) -> None:
    key = make_key(Wire.STOPNCII)
    Desk.make().listed()
    hash_list = reviewed()
    values = {"after": 1, "last_mod": hash_list.revised_at, "top": 1}
    fetch_hashes(key, nextPageToken=PageToken(hash_list.pk, **values).encode())
    made_up = PageToken(hash_list.pk, **(values | change)).encode()
    query = {"startTimestamp": "10", "nextPageToken": made_up}
    refused(Client().get(ADDRESS, query, headers=two_keys(key)), 400, "bad_token")
    assert PartnerPosition.objects.get().proven == 0


def test_self_reported_records_carry_no_feedback() -> None:
    partner, other = make_partner(), List.objects.get(slug="self-reported")
    services.entitle(admin(), partner=partner, hash_list=other, asked_for=True)
    key = services.issue_key(admin(), partner=partner, wire=Wire.STOPNCII, hash_list=other)
    desk = Desk.make()
    desk.listed()
    desk.propose(make_picture(), "self-reported")
    services.publish_pending()
    ((record,), _) = run(key)
    assert record["CSPFeedbacks"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "bad_parameter"),
        ({"startTimestamp": ""}, "bad_parameter"),
        ({"startTimestamp": "5.0"}, "bad_parameter"),
        ({"startTimestamp": "-1"}, "bad_parameter"),
        ({"startTimestamp": "1" * 16}, "bad_parameter"),
        ({"startTimestamp": "10", "pageSize": "many"}, "bad_parameter"),
        ({"startTimestamp": "10", "nextPageToken": "junk"}, "bad_token"),
        ({"startTimestamp": "10", "nextPageToken": "A" * 56}, "bad_token"),
        ({"startTimestamp": "10", "nextPageToken": "é\0"}, "bad_token"),
    ],
)
def test_junk_is_refused_clearly(query: dict[str, str], code: str) -> None:
    response = Client().get(ADDRESS, query, headers=two_keys(make_key(Wire.STOPNCII)))
    refused(response, 400, code)
    assert not PartnerPosition.objects.exists()


def test_a_key_whose_entitlement_ended_is_refused() -> None:
    partner = make_partner()
    key = make_key(Wire.STOPNCII, partner)
    services.withdraw_entitlement(admin(), partner=partner, hash_list=reviewed())
    response = Client().get(ADDRESS, {"startTimestamp": 10}, headers=two_keys(key))
    refused(response, 401, "key_refused")


def test_no_trailing_slash_and_no_other_method() -> None:
    key = make_key(Wire.STOPNCII)
    assert Client().get(ADDRESS + "/", headers=two_keys(key)).status_code == 404
    response = Client(enforce_csrf_checks=True).post(ADDRESS, headers=two_keys(key))
    refused(response, 405, "method_not_allowed")
    assert response["Allow"] == "GET"
