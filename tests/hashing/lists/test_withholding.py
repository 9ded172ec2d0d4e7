"""Consent to regional codes taken back alone, or given later: the entry stays, its codes answer or don't."""

from __future__ import annotations

import json
from unittest.mock import patch
from uuid import uuid4

import pytest

from hashing.enrolment.forgetting import forget
from hashing.fingerprints.models import RegionalFingerprint
from hashing.lists import lines, services
from hashing.lists.models import Entry
from hashing.lists.states import Category, Wire
from hashing.lists.submitted import Submitted
from hashing.matching import guard
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from portal.core.errors import Conflict, NotAllowed
from portal.vault.services import shred
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import GOOD, Desk, admin, make_partner, make_picture, pdq_value, reviewed
from tests.hashing.regional_rows import make_regional

pytestmark = pytest.mark.django_db
PERSON = Context.person(uuid4())


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


def without_codes(desk: Desk) -> Entry:
    """Listed before the person consented to regional codes."""
    picture = make_picture()
    make_regional(picture)
    entry = desk.propose(picture)
    services.withhold_regional(admin(), picture_id=picture.pk)
    entry.refresh_from_db()
    desk.approve(entry)
    services.publish_pending()
    entry.refresh_from_db()
    assert (entry.state, entry.regional, entry.published) == ("listed", False, "active")
    return entry


def test_given_later_the_line_comes_again_with_codes() -> None:
    entry = without_codes(Desk.make())
    before = lines.page(reviewed(), after=0, limit=10)
    assert [line.regional_of for line in before] == [None]
    assert services.allow_regional(PERSON, picture_id=entry.picture_id) == [entry]
    assert services.publish_pending() == 1
    assert lines.page(reviewed(), after=0, limit=10)[-1].regional_of == entry.picture_id
    logged = AuditEntry.objects.get(verb="entry.codes_allowed")
    assert (logged.subject_id, logged.payload["list"]) == (str(entry.pk), "reviewed")
    assert services.allow_regional(PERSON, picture_id=entry.picture_id) == []
    assert services.publish_pending() == 0


def test_given_later_a_proposal_has_to_be_looked_at_again() -> None:
    desk, picture = Desk.make(), make_picture()
    make_regional(picture)
    entry = desk.propose(picture)
    services.withhold_regional(admin(), picture_id=picture.pk)
    entry.refresh_from_db()
    assert [one.pk for one in services.allow_regional(PERSON, picture_id=picture.pk)] == [entry.pk]
    with pytest.raises(Conflict) as refused:
        desk.approve(entry)
    assert refused.value.code == "entry_changed"
    entry.refresh_from_db()
    assert desk.approve(entry).regional


def test_nobody_else_may_give_it() -> None:
    desk = Desk.make()
    entry = without_codes(desk)
    for ctx in (admin(), ctx_of(desk.caseworker), Context.system("test")):
        with pytest.raises(NotAllowed):
            services.allow_regional(ctx, picture_id=entry.picture_id)
    entry.refresh_from_db()
    assert (entry.regional, entry.published) == (False, "active")
    assert not AuditEntry.objects.filter(verb="entry.codes_allowed").exists()


def test_codes_that_are_gone_or_match_something_harmless_stay_off() -> None:
    entry = without_codes(Desk.make())
    hit = guard.Checked(regional=None, pdq=(), dropped=3, hits=())
    with patch.object(guard, "check", return_value=hit):
        assert services.allow_regional(PERSON, picture_id=entry.picture_id) == []
    shred(admin(), picture_id=entry.picture_id, reason="decided")
    assert forget(admin()) == 1
    assert services.allow_regional(PERSON, picture_id=entry.picture_id) == []
    entry.refresh_from_db()
    assert not entry.regional


def test_a_partners_submission_never_answers_by_the_codes_of_its_picture() -> None:
    desk, value = Desk.make(), pdq_value()
    picture = make_picture(pdq=value)
    make_regional(picture)
    partner = make_partner()
    found = services.submit(
        Context.partner(partner.pk),
        partner=partner,
        wire=Wire.NATIVE,
        fingerprints=[Submitted("pdq", value, "original", 90, "pdq")],
    )
    services.propose_submission(
        ctx_of(desk.caseworker),
        submission_id=found.pk,
        list_slug="reviewed",
        basis=GOOD,
        team=desk.team.pk,
        category=Category.NCII,
    )
    assert services.allow_regional(PERSON, picture_id=picture.pk) == []
    assert not Entry.objects.get().regional
