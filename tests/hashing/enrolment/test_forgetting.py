"""Fingerprints end with their picture, unless a list needs them; then with the entry."""

from __future__ import annotations

import pytest

from hashing.enrolment.forgetting import forget
from hashing.fingerprints.models import Fingerprint, RegionalFingerprint
from hashing.lists.models import Entry
from portal.audit.models import Entry as AuditEntry
from portal.vault.models import Picture
from portal.vault.services import shred
from tests.hashing.enrolment.made import CTX
from tests.hashing.listing import Desk, make_picture
from tests.hashing.regional_rows import make_regional

pytestmark = pytest.mark.django_db


def left(picture: Picture) -> tuple[int, int]:
    return (
        Fingerprint.objects.filter(picture=picture).count(),
        RegionalFingerprint.objects.filter(picture=picture).count(),
    )


def test_what_is_destroyed_and_on_no_list_is_forgotten_once() -> None:
    picture, kept = make_picture(), make_picture()
    make_regional(picture), make_regional(kept)
    assert forget(CTX) == 0
    shred(CTX, picture_id=picture.pk, reason="decided")
    assert forget(CTX) == 1
    assert forget(CTX) == 0
    assert (left(picture), left(kept)) == ((0, 0), (4, 1))
    logged = AuditEntry.objects.get(verb="fingerprint.forgotten")
    assert (logged.subject_id, logged.payload) == (str(picture.pk), {"count": 4, "regional": 1})


@pytest.mark.parametrize("step", ["propose", "approved", "listed"])
def test_what_a_list_needs_outlives_its_picture_and_ends_with_its_entry(step: str) -> None:
    desk, picture = Desk.make(), make_picture()
    make_regional(picture)
    entry = getattr(desk, step)(picture)
    shred(CTX, picture_id=picture.pk, reason="decided")
    assert forget(CTX) == 0
    assert left(picture) == (4, 1)
    desk.withdraw(entry)
    assert forget(CTX) == 1
    assert left(picture) == (0, 0)


def test_without_consent_codes_go_with_the_picture_and_hashes_with_the_entry() -> None:
    desk, picture = Desk.make(), make_picture()
    make_regional(picture)
    entry = desk.listed(picture)
    Entry.objects.filter(pk=entry.pk).update(regional=False)
    assert forget(CTX) == 0  # the agency holds the picture itself
    shred(CTX, picture_id=picture.pk, reason="decided")
    assert (forget(CTX), forget(CTX)) == (1, 0)
    assert left(picture) == (4, 0)
    desk.withdraw(entry)
    assert forget(CTX) == 1
    assert left(picture) == (0, 0)
