"""Consent to regional codes taken back alone: the entry stays, its codes answer nobody and end."""

from __future__ import annotations

import json

import pytest

from hashing.enrolment.forgetting import forget
from hashing.fingerprints.models import RegionalFingerprint
from hashing.lists import lines, services
from hashing.lists.models import Entry
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core.errors import Conflict, NotAllowed
from portal.vault.services import shred
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import Desk, admin, make_picture, reviewed
from tests.hashing.regional_rows import make_regional

pytestmark = pytest.mark.django_db


def listed(desk: Desk) -> Entry:
    picture = make_picture()
    make_regional(picture)
    return desk.listed(picture)


def test_the_entry_stays_and_its_line_comes_again_without_codes() -> None:
    entry = listed(Desk.make())
    before = lines.page(reviewed(), after=0, limit=10)
    assert [line.regional_of for line in before] == [entry.picture_id]
    assert services.withhold_regional(admin(), picture_id=entry.picture_id) == [entry]
    assert services.publish_pending() == 1
    old, new = lines.page(reviewed(), after=0, limit=10)
    assert (old.regional_of, new.regional_of) == (None, None)
    assert (json.loads(new.text)["state"], len(json.loads(new.text)["hashes"])) == ("active", 4)
    logged = AuditEntry.objects.get(verb="entry.codes_withheld")
    assert (logged.subject_id, logged.payload["list"]) == (str(entry.pk), "reviewed")
    assert services.withhold_regional(admin(), picture_id=entry.picture_id) == []
    assert services.publish_pending() == 0


def test_its_codes_end_with_the_picture_and_its_hashes_with_the_entry() -> None:
    desk = Desk.make()
    entry = listed(desk)
    shred(admin(), picture_id=entry.picture_id, reason="decided")
    assert forget(admin()) == 0
    services.withhold_regional(admin(), picture_id=entry.picture_id)
    assert (forget(admin()), forget(admin())) == (1, 0)
    assert not RegionalFingerprint.objects.filter(picture=entry.picture_id).exists()
    logged = AuditEntry.objects.get(verb="fingerprint.forgotten")
    assert logged.payload == {"count": 0, "regional": 1}
    desk.withdraw(entry)
    assert forget(admin()) == 1


def test_a_proposal_has_to_be_looked_at_again() -> None:
    desk = Desk.make()
    picture = make_picture()
    make_regional(picture)
    entry = desk.propose(picture)
    services.withhold_regional(admin(), picture_id=picture.pk)
    with pytest.raises(Conflict) as refused:
        desk.approve(entry)
    assert refused.value.code == "entry_changed"
    entry.refresh_from_db()
    assert desk.approve(entry).state == "approved"


def test_who_may_not_withdraw_may_not_withhold() -> None:
    desk = Desk.make()
    entry = listed(desk)
    auditor = ctx_of(make_staff(Role.AUDITOR, [desk.team]))
    with pytest.raises(NotAllowed):
        services.withhold_regional(auditor, picture_id=entry.picture_id, team=desk.team.pk)
    entry.refresh_from_db()
    assert (entry.regional, entry.published) == (True, "active")
    assert not AuditEntry.objects.filter(verb="entry.codes_withheld").exists()
