"""SubmitFeedback and SubmitHashes, as the clients of the StopNCII wire write them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from hashing.lists import services
from hashing.lists.models import Entry, Feedback, Quarantine, Submission
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from tests.hashing.listing import Desk, admin, make_key, make_partner, make_picture, pdq_value
from tests.hashing.wire import basic, bearer, fetch_hashes, refused, two_keys

pytestmark = pytest.mark.django_db
FEEDBACK, HASHES = "/stopncii/v1/SubmitFeedback", "/stopncii/v1/SubmitHashes"


def post(address: str, name: str, *items: dict[str, Any], key: Any = None) -> dict[str, Any]:
    body = json.dumps({"count": len(items), name: items})
    headers = two_keys(key or make_key(Wire.STOPNCII))
    client = Client(enforce_csrf_checks=True)
    response = client.post(address, body, content_type="application/json", headers=headers)
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "application/json"
    said: dict[str, Any] = response.json()
    return said


def listed_value() -> tuple[Entry, str]:
    value = pdq_value()
    return Desk.make().listed(make_picture(pdq=value)), value


@pytest.mark.parametrize(
    ("written", "value", "reason"),
    [
        ("Blocked", "blocked", ""),
        ("blocked", "blocked", ""),
        ("StopNCIICSPFeedbackValue.Blocked", "blocked", ""),
        ("PendingReview", "seen", ""),
        ("QualityUnknown", "seen", ""),
        ("NotBlocked", "disputed", "inconclusive"),
        ("Withdrawn", "taken_back", ""),
        ("Deleted", "taken_back", ""),
    ],
)
def test_each_value_has_its_meaning(written: str, value: str, reason: str) -> None:
    entry, pdq = listed_value()
    make_partner("Other")
    item = {"tags": ["Nude"], "feedbackValue": written, "hashValue": pdq}
    assert post(FEEDBACK, "hashFeedbacks", item) == {"count": 1, "stored": 1}
    row = Feedback.objects.get()
    assert (row.entry_id, row.value, row.reason, row.wire) == (entry.pk, value, reason, "stopncii")
    assert AuditEntry.objects.get(verb="feedback.given").payload["wire"] == "stopncii"


@pytest.mark.parametrize("silent", ["None", "Unknown"])
def test_tags_alone_say_nothing(silent: str) -> None:
    _entry, pdq = listed_value()
    item = {"tags": ["Nude"], "feedbackValue": silent, "hashValue": pdq}
    assert post(FEEDBACK, "hashFeedbacks", item) == {"count": 1, "stored": 0}
    assert not Feedback.objects.exists()


def test_a_tag_can_give_the_reason_and_upper_case_is_read() -> None:
    entry, pdq = listed_value()
    item = {"tags": ["x", "Wrong Match"], "feedbackValue": "NotBlocked", "hashValue": pdq.upper()}
    post(FEEDBACK, "hashFeedbacks", item | {"tags": None}, item)
    assert Feedback.objects.get(standing=True).reason == "wrong_match"
    assert Quarantine.objects.get().entry_id == entry.pk


def test_it_is_said_of_every_entry_that_holds_the_value() -> None:
    desk, pdq = Desk.make(), pdq_value()
    entries = {desk.listed(make_picture(pdq=pdq)).pk for _ in range(2)}
    item = {"feedbackValue": "Blocked", "hashValue": pdq}
    assert post(FEEDBACK, "hashFeedbacks", item) == {"count": 1, "stored": 2}
    assert set(Feedback.objects.values_list("entry", flat=True)) == entries


def test_a_value_that_is_not_on_the_list_is_no_error_and_leaves_nothing() -> None:
    item = {"feedbackValue": "Blocked", "hashValue": pdq_value()}
    assert post(FEEDBACK, "hashFeedbacks", item) == {"count": 1, "stored": 0}
    assert not Feedback.objects.exists()


def test_what_was_withdrawn_is_known_to_those_that_were_served_it_and_to_nobody_else() -> None:
    entry, pdq = listed_value()
    served, other = (make_key(Wire.STOPNCII, make_partner(name)) for name in ("Served", "Other"))
    fetch_hashes(served)
    services.withdraw(admin(), entry_id=entry.pk, reason="mistake")
    services.publish_pending()
    item = {"feedbackValue": "Blocked", "hashValue": pdq}
    assert post(FEEDBACK, "hashFeedbacks", item, key=other) == {"count": 1, "stored": 0}
    assert not Feedback.objects.exists()
    assert post(FEEDBACK, "hashFeedbacks", item, key=served) == {"count": 1, "stored": 1}
    assert Feedback.objects.get().partner.name == "Served"


def test_hashes_wait_at_the_desk() -> None:
    pdq = pdq_value()
    picture = make_picture(pdq=pdq)
    said = {"lastModtimestamp": 1795343072, "CSPFeedbacks": [{"tags": [], "feedbackValue": "Blocked"}]}
    items: list[dict[str, Any]] = [
        {"signalType": "StopNCIISignalType.ImagePDQ", "hashValue": pdq.upper()},
        {"signalType": "VideoMD5", "hashValue": "ab" * 16},
        {"signalType": "Text", "hashValue": "some text"},
        {"signalType": "ImagePDQ", "hashValue": "0" * 64},
        {"signalType": None},
    ]
    assert post(HASHES, "hashRecords", *(item | said for item in items)) == {"count": 5, "stored": 2}
    rows = Submission.objects.order_by("media_type").values_list("media_type", "state", "picture_id")
    assert list(rows) == [("image", "waiting", picture.pk), ("video", "waiting", None)]
    assert not Entry.objects.exists()


@pytest.mark.parametrize("address", [FEEDBACK, HASHES])
def test_what_is_no_such_body_is_refused(address: str) -> None:
    headers = two_keys(make_key(Wire.STOPNCII))
    for body in (b"", b"[]", b"{}", b'{"hashFeedbacks": {}}', b'{"hashRecords": [1]}', b"[" * 100_000):
        response = Client().post(address, body, content_type="application/json", headers=headers)
        refused(response, 400, "bad_body")
    many: dict[str, list[dict[str, str]]] = {"hashFeedbacks": [{}] * 1001, "hashRecords": [{}] * 1001}
    response = Client().post(address, many, content_type="application/json", headers=headers)
    refused(response, 400, "too_many")
    long = b" " * 1_000_001
    refused(Client().post(address, long, content_type="application/json", headers=headers), 400, "too_long")


def test_an_unknown_value_refuses_the_whole_call() -> None:
    _entry, pdq = listed_value()
    items = [{"feedbackValue": each, "hashValue": pdq} for each in ("Blocked", "Nonsense")]
    headers = two_keys(make_key(Wire.STOPNCII))
    body = json.dumps({"hashFeedbacks": items})
    response = Client().post(FEEDBACK, body, content_type="application/json", headers=headers)
    refused(response, 400, "bad_feedback")
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("address", [FEEDBACK, HASHES])
def test_only_with_a_key_of_this_wire(address: str) -> None:
    partner = make_partner()
    native, ncmec = make_key(Wire.NATIVE, partner), make_key(Wire.NCMEC, partner)
    for headers in ({}, bearer(native), two_keys(native), two_keys(ncmec), basic(ncmec)):
        response = Client().post(address, "{}", content_type="application/json", headers=headers)
        refused(response, 401, "key_refused")
    assert Client().get(address).status_code == 405
    assert not Submission.objects.exists()
