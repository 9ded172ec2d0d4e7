"""Approving and rejecting: a second person, of exactly what they were shown."""

from __future__ import annotations

import uuid

import pytest

from hashing.lists import services
from hashing.lists.models import Entry, EntryFingerprint
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.factories import ctx_of, make_staff, make_team
from tests.hashing.listing import Desk

pytestmark = pytest.mark.django_db


def test_approves_what_was_shown() -> None:
    desk = Desk.make()
    entry = desk.approve(desk.propose())
    entry.refresh_from_db()
    assert (entry.state, entry.decided_by_id) == ("approved", desk.supervisor.pk)
    logged = AuditEntry.objects.get(verb="entry.approved")
    assert (logged.subject_id, logged.payload["list"]) == (str(entry.pk), "reviewed")


def test_refuses_the_proposer_whatever_their_role() -> None:
    team = make_team()
    supervisor = make_staff(Role.SUPERVISOR, [team])
    desk = Desk(team, supervisor, supervisor)
    entry = desk.propose()
    with pytest.raises(NotAllowed) as refused:
        desk.approve(entry)
    assert refused.value.code == "four_eyes"
    _unchanged(entry)


def test_refuses_another_digest() -> None:
    desk = Desk.make()
    entry, other = desk.propose(), desk.propose()
    with pytest.raises(Conflict) as refused:
        services.approve(ctx_of(desk.supervisor), entry_id=entry.pk, digest=other.digest, team=desk.team.pk)
    assert refused.value.code == "entry_changed"
    _unchanged(entry)


def test_refuses_when_a_fingerprint_was_added_after_it_was_shown() -> None:
    desk = Desk.make()
    entry = desk.propose()
    EntryFingerprint.objects.create(entry=entry, kind="md5", value="ab" * 16, algorithm="md5-2")
    with pytest.raises(Conflict) as refused:
        desk.approve(entry)
    assert refused.value.code == "entry_changed"
    _unchanged(entry)


def test_refuses_caseworkers_other_teams_and_the_portal_itself() -> None:
    desk = Desk.make()
    entry = desk.propose()
    outsider = make_staff(Role.SUPERVISOR, [make_team()])
    colleague = make_staff(Role.CASEWORKER, [desk.team])
    for ctx in (ctx_of(outsider), ctx_of(colleague), Context.system("x"), Context.partner(uuid.uuid4())):
        with pytest.raises(NotAllowed):
            services.approve(ctx, entry_id=entry.pk, digest=entry.digest, team=desk.team.pk)
    _unchanged(entry)


def test_decides_once() -> None:
    desk = Desk.make()
    entry = desk.approved()
    with pytest.raises(Conflict) as refused:
        desk.approve(entry)
    assert refused.value.code == "entry_is_approved"
    with pytest.raises(NotFound):
        services.reject(
            ctx_of(desk.supervisor), entry_id=uuid.uuid4(), reason="not_enough", team=desk.team.pk
        )


def test_rejects_with_a_reason_and_forgets_the_fingerprints() -> None:
    desk = Desk.make()
    entry = desk.propose()
    services.reject(ctx_of(desk.supervisor), entry_id=entry.pk, reason="not_enough", team=desk.team.pk)
    entry.refresh_from_db()
    assert (entry.state, entry.reason, entry.fingerprints.count()) == ("rejected", "not_enough", 0)
    assert AuditEntry.objects.get(verb="entry.rejected").payload["reason"] == "not_enough"


def test_takes_no_free_text_for_a_reason() -> None:
    desk = Desk.make()
    entry = desk.propose()
    with pytest.raises(Invalid):
        services.reject(ctx_of(desk.supervisor), entry_id=entry.pk, reason="she said so", team=desk.team.pk)
    _unchanged(entry)


def _unchanged(entry: Entry) -> None:
    state = entry.state
    entry.refresh_from_db()
    assert (entry.state, state, entry.decided_by_id) == ("proposed", "proposed", None)
    assert not AuditEntry.objects.filter(verb__in=["entry.approved", "entry.rejected"]).exists()
