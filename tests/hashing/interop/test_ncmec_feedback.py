"""Feedback over the NCMEC wire, and its reasons."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.models import Feedback, List
from hashing.lists.reports import DisputeReason
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from tests.hashing.listing import Desk, admin, make_key, make_partner
from tests.hashing.wire import basic, bearer, refused

pytestmark = pytest.mark.django_db
NS = "https://hashsharing.ncmec.org/hashsharing/v2"
YES = f'<feedbackSubmission xmlns="{NS}"><affirmative /></feedbackSubmission>'


def no(*guids: str) -> str:
    inner = "".join(f"<guid>{guid}</guid>" for guid in guids)
    negative = f"<negative><reasonIds>{inner}</reasonIds></negative>"
    return f'<feedbackSubmission xmlns="{NS}">{negative}</feedbackSubmission>'


def put(key: IssuedKey, entry: object, body: str | bytes, kind: str = "PDQ", member: int = 1) -> Any:
    address = f"/ncmec/v2/entries/{member}/{entry}/{kind}/feedback"
    return Client(enforce_csrf_checks=True).put(
        address, body, content_type="application/xml; charset=utf-8", headers=basic(key)
    )


def guids(key: IssuedKey, kind: str = "PDQ") -> dict[str, str]:
    response = Client().get(f"/ncmec/v2/feedback/{kind}/reasons", headers=basic(key))
    assert response.status_code == 200, response.content
    rows = ET.fromstring(response.content).find(  # noqa: S314 (our own answer)
        f"{{{NS}}}availableFeedbackReasons"
    )
    assert rows is not None
    assert {row.get("type") for row in rows} == {kind}
    return {str(row.get("name")): str(row.get("guid")) for row in rows}


def test_reasons_are_one_level_down_and_keep_their_guids() -> None:
    key = make_key(Wire.NCMEC)
    found = guids(key)
    assert len(found) == len(DisputeReason)
    assert found["Reviewed, inconclusive"] == "24c6d9d9-a3ab-5961-a1d9-105b7bade0be"
    assert guids(key, "MD5") == found
    refused(Client().get("/ncmec/v2/feedback/CRC/reasons", headers=basic(key)), 404, "no_such_type")
    refused(Client().get("/ncmec/v2/feedback/PDQ/reasons"), 401, "key_refused")


def test_affirmative_is_seen() -> None:
    entry, key = Desk.make().listed(), make_key(Wire.NCMEC)
    response = put(key, entry.pk, YES)
    assert (response.status_code, response.content) == (204, b"")
    row = Feedback.objects.get()
    assert (row.entry_id, row.value, row.wire, row.kind) == (entry.pk, "seen", "ncmec", "pdq")
    assert AuditEntry.objects.get(verb="feedback.given").payload["value"] == "seen"


def test_negative_is_a_dispute_with_the_first_of_its_reasons_and_a_variant_is_its_entry() -> None:
    entry, key = Desk.make().listed(), make_key(Wire.NCMEC)
    found = guids(key)
    chosen = [found["Damaged fingerprint"], found["Matches something harmless"].upper()]
    assert put(key, f"{entry.pk}.rotate90", no(*chosen), "MD5").status_code == 204
    row = Feedback.objects.get()
    assert (row.value, row.reason, row.kind) == ("disputed", "harmless", "md5")
    entry.refresh_from_db()
    assert entry.state == "quarantined"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "bad_body"),
        ("<x/>", "bad_body"),
        (f'<feedbackSubmission xmlns="{NS}"/>', "bad_body"),
        (f'<feedbackSubmission xmlns="{NS}"><affirmative/><negative/></feedbackSubmission>', "bad_body"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><feedbackSubmission><affirmative/></feedbackSubmission>', "bad_body"),
        (no(), "bad_reason"),
        (no("00000000-0000-0000-0000-000000000000"), "bad_reason"),
        (
            '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'.encode("utf-16"),
            "bad_body",
        ),
        (b'<?xml version="1.0" encoding="latin-1"?><x>\xe9</x>', "bad_body"),
        (b"\0", "bad_body"),
    ],
)
def test_what_is_no_feedback_is_refused(body: str | bytes, code: str) -> None:
    entry, key = Desk.make().listed(), make_key(Wire.NCMEC)
    refused(put(key, entry.pk, body), 400, code)
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("named", ["utf-8", "shift_jis", "utf-7", "no-such-encoding"])
def test_it_is_read_as_utf_8_whatever_it_calls_itself(named: str) -> None:
    entry, key = Desk.make().listed(), make_key(Wire.NCMEC)
    assert put(key, entry.pk, f'<?xml version="1.0" encoding="{named}"?>{YES}').status_code == 204
    assert Feedback.objects.get().value == "seen"


def test_nothing_is_said_of_what_the_key_does_not_serve() -> None:
    desk, partner = Desk.make(), make_partner()
    listed = desk.listed()
    other = List.objects.get(slug="self-reported")
    services.entitle(admin(), partner=partner, hash_list=other, asked_for=True)
    key = services.issue_key(admin(), partner=partner, wire=Wire.NCMEC, hash_list=other)
    unknown = make_key(Wire.NCMEC, make_partner("Second"))
    for response in (
        put(unknown, listed.pk, YES, member=2),
        put(unknown, "image1", YES),
        put(unknown, desk.propose().pk, YES),
    ):
        refused(response, 404, "no_such_entry")
    refused(put(key, listed.pk, YES), 404, "no_such_entry")
    native = make_key(Wire.NATIVE, partner)
    response = Client().put(f"/ncmec/v2/entries/1/{listed.pk}/PDQ/feedback", YES, headers=bearer(native))
    refused(response, 401, "key_refused")
    assert not Feedback.objects.exists()
