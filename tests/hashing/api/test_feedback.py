"""`POST /api/v1/feedback` and `/submissions`."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hashing.lists.bases import IssuedKey
from hashing.lists.models import Entry, Feedback, Submission
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from tests.hashing.listing import Desk, make_key, make_partner, make_picture, pdq_value
from tests.hashing.wire import bearer, pull, refused

pytestmark = pytest.mark.django_db


def post(key: IssuedKey, address: str, body: Any) -> Any:
    return Client().post(f"/api/v1/{address}", body, content_type="application/json", headers=bearer(key))


def report(entry: Entry, value: str = "blocked", **more: Any) -> dict[str, Any]:
    return {"entry": str(entry.pk), "value": value, **more}


def test_reports_are_taken_and_shown_in_the_feed() -> None:
    desk, partner = Desk.make(), make_partner()
    key = make_key(Wire.NATIVE, partner)
    entry, other = desk.listed(), desk.listed()
    outline = {"kind": "pdq", "distance": 12, "region": [0, 0, 500, 1000]}
    body = {"reports": [report(entry, "blocked", total=7, **outline), report(other, "not_matched")]}
    response = post(key, "feedback", body)
    assert (response.status_code, response.json()) == (200, {"accepted": 2})
    row = Feedback.objects.get(entry=entry)
    assert (row.partner, row.wire, row.value, row.total) == (partner, "native", "blocked", 7)
    assert (row.kind, row.distance, row.region) == ("pdq", 12, [0, 0, 500, 1000])
    assert [line["feedback"] for line in pull(key)["publications"]] == [{"blocked": 7}, {"not_matched": 1}]
    logged = AuditEntry.objects.filter(verb="feedback.given", subject_id=str(entry.pk)).get()
    assert logged.payload == {"list": "reviewed", "wire": "native", "value": "blocked", "total": 7}


def test_a_dispute_has_a_reason() -> None:
    key, entry = make_key(Wire.NATIVE), Desk.make().listed()
    refused(post(key, "feedback", {"reports": [report(entry, "disputed")]}), 422, "reason_with_dispute")
    body = {"reports": [report(entry, "disputed", reason="harmless")]}
    assert post(key, "feedback", body).status_code == 200
    assert Feedback.objects.get().reason == "harmless"


def test_the_same_again_changes_nothing() -> None:
    key, entry = make_key(Wire.NATIVE), Desk.make().listed()
    for _ in range(2):
        assert post(key, "feedback", {"reports": [report(entry, total=3)]}).status_code == 200
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("which", ["unknown", "not entitled", "not published"])
def test_what_a_partner_may_not_see_takes_no_report_and_is_audited(which: str) -> None:
    desk, key = Desk.make(), make_key(Wire.NATIVE)
    good = desk.listed()
    made: dict[str, Callable[[], Entry]] = {
        "unknown": lambda: Entry(pk=uuid.uuid4()),
        "not entitled": lambda: desk.propose(make_picture(), "restricted"),
        "not published": desk.approved,
    }
    bad = made[which]()
    refused(post(key, "feedback", {"reports": [report(good), report(bad)]}), 404, "no_such_entry")
    assert not Feedback.objects.exists()
    assert AuditEntry.objects.get(verb="partner.refused").payload["reason"] == "entitlement"


@pytest.mark.parametrize(
    "change",
    [
        {"value": "liked"},
        {"total": 0},
        {"entry": "x"},
        {"region": [1, 2, 3]},
        {"note": "free text"},
        {"distance": 257},
    ],
)
def test_junk_is_refused(change: dict[str, Any]) -> None:
    key, entry = make_key(Wire.NATIVE), Desk.make().listed()
    refused(post(key, "feedback", {"reports": [report(entry) | change]}), 400, "invalid")
    assert not Feedback.objects.exists()


def submission(**change: Any) -> dict[str, Any]:
    return {"hashes": [{"type": "pdq", "value": pdq_value(), "quality": 90} | change]}


def test_a_submission_waits_at_the_desk() -> None:
    partner = make_partner()
    key, body = make_key(Wire.NATIVE, partner), submission()
    first, again = post(key, "submissions", body), post(key, "submissions", body)
    assert (first.status_code, again.json()) == (201, first.json())
    found = Submission.objects.get()
    assert first.json()["submission"] == str(found.pk)
    assert (found.partner, found.wire, found.state, found.media_type) == (
        partner,
        "native",
        "waiting",
        "image",
    )
    assert found.fingerprints.get().value == body["hashes"][0]["value"]
    assert AuditEntry.objects.get(verb="submission.received").subject_id == str(found.pk)
    assert not Entry.objects.exists()


def test_one_that_is_a_copy_is_linked() -> None:
    picture = make_picture(pdq="f8" * 32)
    Desk.make().listed(picture)
    key = make_key(Wire.NATIVE)
    assert post(key, "submissions", submission(value="f8" * 32)).status_code == 201
    assert (Submission.objects.get().picture_id, Submission.objects.get().distance) == (picture.pk, 0)


def test_what_is_too_plain_is_refused_whole() -> None:
    refused(post(make_key(Wire.NATIVE), "submissions", submission(quality=10)), 422, "bad_fingerprint")
    assert not Submission.objects.exists()


@pytest.mark.parametrize("change", [{"type": "photodna"}, {"value": "xyz"}, {"variant": "a b"}, {"more": 1}])
def test_a_submission_of_junk_is_refused(change: dict[str, Any]) -> None:
    refused(post(make_key(Wire.NATIVE), "submissions", submission(**change)), 400, "invalid")


@pytest.mark.parametrize("text", ["[]", "{", "NaN", '{"reports": NaN}', '"x"', "[" * 100_000, "\xff"])
@pytest.mark.parametrize("address", ["feedback", "submissions", "lookup", "keys"])
def test_a_body_that_is_no_object_is_refused(address: str, text: str) -> None:
    key = make_key(Wire.NATIVE)
    data = text.encode("latin-1")
    response = Client().post(f"/api/v1/{address}", data, content_type="application/json", headers=bearer(key))
    refused(response, 400, "parse_error")


def test_a_body_of_another_kind_or_too_long_is_refused() -> None:
    key = make_key(Wire.NATIVE)
    response = Client().post("/api/v1/lookup", "a=1", content_type="text/plain", headers=bearer(key))
    refused(response, 415, "unsupported_media_type")
    long = b'{"queries": "' + b"x" * 4_000_000 + b'"}'
    response = Client().post("/api/v1/lookup", long, content_type="application/json", headers=bearer(key))
    refused(response, 413, "too_large")
