"""Withdrawing, quarantine and release: who may, what goes at once, what is written down."""

from __future__ import annotations

import uuid

import pytest

from hashing.lists import services
from hashing.lists.models import Entry, EntryFingerprint, Publication
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.factories import ctx_of, make_staff, make_team
from tests.hashing.listing import Desk, make_picture

pytestmark = pytest.mark.django_db


def test_what_was_never_published_is_forgotten() -> None:
    desk = Desk.make()
    for entry in (desk.propose(), desk.approved()):
        desk.withdraw(entry)
        entry.refresh_from_db()
        assert (entry.state, entry.reason, entry.fingerprints.count()) == ("withdrawn", "mistake", 0)
        assert entry.withdrawn_at is not None
    assert services.publish_pending() == 0


@pytest.mark.parametrize("released", [False, True])
def test_what_a_quarantine_took_off_the_feeds_is_forgotten(*, released: bool) -> None:
    desk = Desk.make()
    entry = desk.listed()
    found = desk.quarantined(entry)
    assert entry.fingerprints.count() > 0
    if released:
        desk.judge(found)
    desk.withdraw(entry)
    # What was put back is owed to the feed as active: its rows go with the line that says otherwise.
    assert (EntryFingerprint.objects.count() == 0) is not released
    assert (services.publish_pending(), services.publish_pending()) == (1, 0)
    assert EntryFingerprint.objects.count() == 0
    assert Publication.objects.latest("position").state == "withdrawn"
    found.refresh_from_db()
    assert found.outcome == ("restored" if released else "ended")


def test_is_audited_with_its_reason() -> None:
    desk, picture = Desk.make(), make_picture()
    entry = desk.listed(picture)
    desk.withdraw(entry)
    logged = AuditEntry.objects.get(verb="entry.withdrawn")
    assert (logged.subject_id, logged.actor_id) == (str(entry.pk), str(desk.caseworker.pk))
    assert logged.payload == {"picture": str(picture.pk), "list": "reviewed", "reason": "mistake"}


def test_needs_no_team_but_the_permission() -> None:
    desk = Desk.make()
    entry = desk.listed()
    services.withdraw(ctx_of(make_staff(Role.CASEWORKER, [make_team()])), entry_id=entry.pk, reason="mistake")
    other = desk.listed()
    for ctx in (
        ctx_of(make_staff(Role.AUDITOR)),
        ctx_of(make_staff(Role.ADMINISTRATOR)),
        Context.partner(uuid.uuid4()),
    ):
        with pytest.raises(NotAllowed):
            services.withdraw(ctx, entry_id=other.pk, reason="mistake")
        with pytest.raises(NotAllowed):
            services.withdraw_picture(ctx, picture_id=other.picture_id, reason="mistake")
        with pytest.raises(NotAllowed):
            services.quarantine(ctx, entry_id=other.pk, reason="disputed")
    other.refresh_from_db()
    assert other.state == "listed"
    assert AuditEntry.objects.filter(verb="entry.withdrawn").count() == 1


def test_the_person_withdraws_a_picture_everywhere() -> None:
    desk, picture = Desk.make(), make_picture()
    here, there = desk.listed(picture), desk.propose(picture, "self-reported")
    elsewhere = desk.listed()
    ctx = Context.person(uuid.uuid4())
    gone = services.withdraw_picture(ctx, picture_id=picture.pk, reason="consent_withdrawn")
    assert {entry.pk for entry in gone} == {here.pk, there.pk}
    assert set(Entry.objects.filter(state="withdrawn").values_list("pk", flat=True)) == {here.pk, there.pk}
    elsewhere.refresh_from_db()
    assert elsewhere.state == "listed"
    assert services.withdraw_picture(ctx, picture_id=picture.pk, reason="consent_withdrawn") == []
    assert AuditEntry.objects.filter(verb="entry.withdrawn").count() == 2


def test_ends_once_and_takes_no_free_text() -> None:
    desk = Desk.make()
    entry = desk.listed()
    with pytest.raises(Invalid):
        services.withdraw(ctx_of(desk.caseworker), entry_id=entry.pk, reason="her name")
    desk.withdraw(entry)
    with pytest.raises(Conflict):
        desk.withdraw(entry)
    with pytest.raises(NotFound):
        services.withdraw(ctx_of(desk.caseworker), entry_id=uuid.uuid4(), reason="mistake")
    assert AuditEntry.objects.filter(verb="entry.withdrawn").count() == 1


def test_a_withdrawn_picture_can_be_listed_again_as_a_new_entry() -> None:
    desk, picture = Desk.make(), make_picture()
    first = desk.listed(picture)
    desk.withdraw(first)
    second = desk.listed(picture)
    assert second.pk != first.pk


def test_quarantine_keeps_the_fingerprints_and_is_judged_by_two() -> None:
    desk = Desk.make()
    entry = desk.listed()
    found = desk.quarantined(entry)
    assert EntryFingerprint.objects.filter(entry=entry).count() == 4
    desk.judge(found)
    entry.refresh_from_db()
    assert (entry.state, entry.reason) == ("listed", "")
    verbs = AuditEntry.objects.filter(verb__in=["entry.quarantined", "entry.judged", "entry.released"])
    assert sorted(verbs.values_list("verb", flat=True)) == [
        "entry.judged",
        "entry.quarantined",
        "entry.released",
    ]
