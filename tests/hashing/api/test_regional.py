"""Regional codes leave for partners that are entitled, masked for each, where the person consented."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from django.test import Client

from hashing.fingerprints.models import Box, RegionalFingerprint
from hashing.fingerprints.regional import masking, serial
from hashing.lists import services
from hashing.lists.bases import Basis, IssuedKey
from hashing.lists.models import Entry, Partner
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.vault.models import Picture
from tests.factories import ctx_of
from tests.hashing.listing import Desk, admin, make_key, make_partner, make_picture, reviewed
from tests.hashing.wire import PUBLICATIONS, bearer, pull, refused

pytestmark = pytest.mark.django_db


def with_codes(picture: Picture) -> serial.Enrolled:
    """A regional fingerprint of random codes, stored as the enrolment stores it."""
    random = np.random.default_rng(5)
    codes = random.integers(0, 256, (30, 32), dtype=np.uint8)
    made = serial.Enrolled(1, 512, 384, codes, random.integers(0, 2**32, 30, dtype=np.uint32))
    RegionalFingerprint.objects.create(
        picture=picture,
        version=1,
        box=Box.FULL,
        codes=serial.dump(made),
        count=30,
        strength=50,
        left=0,
        top=0,
        right=512,
        bottom=384,
        made_at=clock.now(),
    )
    return made


def listed(desk: Desk, picture: Picture, *, consented: bool) -> Entry:
    basis = Basis(consented=True, contact_verified=True, caseworker_decided=False, regional=consented)
    ctx = ctx_of(desk.caseworker)
    entry = services.propose(ctx, picture_id=picture.pk, list_slug="reviewed", basis=basis, team=desk.team.pk)
    desk.approve(entry)
    services.publish_pending()
    return entry


def entitled(name: str) -> tuple[Partner, IssuedKey]:
    partner = make_partner(name)
    services.entitle(admin(), partner=partner, hash_list=reviewed(), regional=True)
    return partner, make_key(Wire.NATIVE, partner)


def codes_of(line: dict[str, Any]) -> serial.Enrolled:
    (one,) = line["regional"]
    assert (one["version"], one["box"]) == (1, "full")
    return serial.parse(base64.b64decode(one["codes"]))


def test_each_partner_gets_them_masked_for_itself() -> None:
    desk, picture = Desk.make(), make_picture()
    own = with_codes(picture)
    listed(desk, picture, consented=True)
    seen = {}
    for name in ("One", "Two"):
        partner, key = entitled(name)
        (line,) = pull(key, regional="true")["publications"]
        got = codes_of(line)
        seen[name] = {code.tobytes() for code in got.codes}
        plain = masking.incoming(got.codes.tobytes(), partner_id=partner.pk, list_id=reviewed().pk)
        assert {plain[at : at + 32] for at in range(0, len(plain), 32)} == {c.tobytes() for c in own.codes}
        assert sorted(got.places) == sorted(own.places)
    plain_codes = {code.tobytes() for code in own.codes}
    assert not seen["One"] & seen["Two"]
    assert not (seen["One"] | seen["Two"]) & plain_codes


def test_without_asking_they_stay() -> None:
    desk, picture = Desk.make(), make_picture()
    with_codes(picture)
    listed(desk, picture, consented=True)
    (line,) = pull(entitled("One")[1])["publications"]
    assert "regional" not in line


def test_without_consent_they_stay() -> None:
    desk, picture = Desk.make(), make_picture()
    with_codes(picture)
    listed(desk, picture, consented=False)
    (line,) = pull(entitled("One")[1], regional="true")["publications"]
    assert "regional" not in line


def test_a_withdrawn_entry_shows_none() -> None:
    desk, picture = Desk.make(), make_picture()
    with_codes(picture)
    desk.withdraw(listed(desk, picture, consented=True))
    (line,) = pull(entitled("One")[1], regional="true")["publications"]
    assert (line["state"], "regional" in line) == ("withdrawn", False)


def test_a_partner_without_the_entitlement_is_refused_and_audited() -> None:
    partner = make_partner()
    response = Client().get(
        PUBLICATIONS, {"regional": "true"}, headers=bearer(make_key(Wire.NATIVE, partner))
    )
    refused(response, 403, "no_regional")
    logged = AuditEntry.objects.get(verb="partner.refused")
    assert (logged.subject_id, logged.payload) == (
        str(partner.pk),
        {"wire": "native", "reason": "regional"},
    )
    assert not AuditEntry.objects.filter(verb="list.pulled").exists()


MASK = "/api/v1/lists/reviewed/mask"


def test_an_entitled_partner_gets_its_own_masks_secret() -> None:
    partner, key = entitled("One")
    response = Client().get(MASK, headers=bearer(key))
    assert response.status_code == 200
    assert response.json() == {"mask": masking.secret(partner_id=partner.pk, list_id=reviewed().pk).hex()}
    given = AuditEntry.objects.get(verb="partner.mask_given")
    assert (given.subject_id, given.payload) == (str(partner.pk), {"list": "reviewed"})


def test_no_other_partner_gets_a_masks_secret() -> None:
    partner = make_partner("Two")
    refused(Client().get(MASK, headers=bearer(make_key(Wire.NATIVE, partner))), 403, "no_regional")
    refused(Client().get(MASK), 401, "not_authenticated")
    assert not AuditEntry.objects.filter(verb="partner.mask_given").exists()
    (entry,) = AuditEntry.objects.filter(verb="partner.refused", subject_id=str(partner.pk))
    assert entry.payload == {"wire": "native", "reason": "regional"}
