"""Disposal: schedules for each outcome, and batches that two people decide on."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from cases import disposals, schedules
from cases.models import Case, CasePicture, Disposal, DisposedCase
from cases.services import disposing, retention
from cases.states import CaseState
from portal.accounts.roles import Role
from portal.agency.models import Agency
from portal.audit.models import Entry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from portal.vault.models import Picture
from tests.cases.services.conftest import Desk
from tests.cases.services.test_holding import held
from tests.factories import ctx_of, make_staff


@pytest.fixture
def second(desk: Desk) -> Context:
    """Another supervisor of the team."""
    return ctx_of(make_staff(Role.SUPERVISOR, [desk.case.team]))


@pytest.fixture
def due(desk: Desk) -> Case:
    """The case, closed for 31 days where 30 are kept, with a file that its person wanted kept."""
    Agency.objects.update(retention_days=30, disposal_review_days=14)
    CasePicture.objects.update(keep_as_evidence=True)
    end(31)
    return desk.fresh()


def end(days: float, state: str = "closed") -> None:
    Case.objects.update(state=state, closed_at=clock.now() - timedelta(days=days))


def proposed(desk: Desk, *cases: UUID) -> Disposal:
    return disposing.propose(desk.supervisor, team_id=desk.case.team_id, case_ids=cases or [desk.case.pk])


def verbs() -> list[str]:
    return list(
        Entry.objects.filter(verb__startswith="disposal.").order_by("at").values_list("verb", flat=True)
    )


@pytest.mark.parametrize(
    ("outcome", "days"), [("closed", 365), ("declined", 10), ("redirected", 30), ("withdrawn", 30)]
)
def test_each_outcome_is_kept_for_its_own_time(desk: Desk, outcome: str, days: int) -> None:
    Agency.objects.update(retention_days=30, retention_by_outcome={"closed": 365, "declined": 10})
    assert schedules.days(CaseState(outcome)) == days
    if outcome == "withdrawn":
        return  # all of it is gone already
    end(days - 0.1, outcome)
    assert not Case.objects.filter(schedules.over(clock.now())).exists()
    end(days, outcome)
    assert Case.objects.filter(schedules.over(clock.now())).exists()


def test_what_nobody_looks_at_goes_by_itself_after_the_days_for_it(desk: Desk, due: Case) -> None:
    end(43.9)
    assert retention.sweep(Context.system("test")) == 0
    end(44)
    assert retention.sweep(Context.system("test")) == 3
    assert desk.fresh().destroyed_at is not None


def test_two_people_destroy_exactly_what_was_proposed(desk: Desk, due: Case, second: Context) -> None:
    batch = proposed(desk)
    assert desk.fresh().destroyed_at is None
    disposing.approve(second, disposal_id=batch.pk, digest=batch.digest)
    case = desk.fresh()
    assert (case.destroyed_at, case.state) == (second.at, "closed")
    assert (case.story_sealed, case.contact_sealed, case.private_for_desk) == (None, None, None)
    assert set(Picture.objects.values_list("state", "shred_reason")) == {("shredded", "retention")}
    line = DisposedCase.objects.get()
    assert (line.case_id, line.outcome, line.destroyed_at) == (case.pk, "closed", second.at)
    assert verbs() == ["disposal.proposed", "disposal.approved"]
    team = str(desk.case.team_id)
    assert Entry.objects.get(verb="disposal.approved").payload == {"team": team, "cases": 1}
    assert Entry.objects.get(verb="case.moved").payload["reason"] == "disposal"


def test_nobody_approves_their_own(desk: Desk, due: Case) -> None:
    batch = proposed(desk)
    with pytest.raises(NotAllowed):
        disposing.approve(desk.supervisor, disposal_id=batch.pk, digest=batch.digest)
    with pytest.raises(IntegrityError), transaction.atomic():
        Disposal.objects.update(approved_by=batch.proposed_by_id, decided_at=clock.now())
    assert desk.fresh().destroyed_at is None
    assert verbs() == ["disposal.proposed"]


def test_a_change_since_voids_the_approval(desk: Desk, due: Case, second: Context) -> None:
    batch = proposed(desk)
    Case.objects.update(changed_at=clock.now())
    with pytest.raises(Conflict) as refusal:
        disposing.approve(second, disposal_id=batch.pk, digest=batch.digest)
    assert refusal.value.code == "changed"
    with pytest.raises(Conflict):
        disposing.approve(second, disposal_id=batch.pk, digest="0" * 64)
    assert desk.fresh().destroyed_at is None
    assert Picture.objects.filter(shredded_at=None).count() == 2


def test_a_hold_placed_meanwhile_wins(desk: Desk, due: Case, second: Context) -> None:
    batch = proposed(desk)
    held(desk)
    with pytest.raises(Conflict):
        disposing.approve(second, disposal_id=batch.pk, digest=batch.digest)
    assert desk.fresh().destroyed_at is None
    assert Picture.objects.filter(shredded_at=None).count() == 2


def test_a_held_case_is_not_due(desk: Desk, due: Case) -> None:
    held(desk)
    assert not disposing.due(desk.supervisor, desk.case.team_id).exists()
    with pytest.raises(Conflict) as refusal:
        proposed(desk)
    assert refusal.value.code == "not_due"


def test_what_is_not_due_cannot_be_put_in(desk: Desk, due: Case) -> None:
    end(29)
    with pytest.raises(Conflict):
        proposed(desk)
    end(31)
    with pytest.raises(Conflict):
        proposed(desk, desk.case.pk, uuid4())
    with pytest.raises(Invalid):
        disposing.propose(desk.supervisor, team_id=desk.case.team_id, case_ids=[])
    assert not Disposal.objects.exists()
    assert verbs() == []


def test_a_team_has_one_open_batch(desk: Desk, due: Case, second: Context) -> None:
    batch = proposed(desk)
    with pytest.raises(Conflict) as refusal:
        disposing.propose(second, team_id=desk.case.team_id, case_ids=[desk.case.pk])
    assert refusal.value.code == "disposal_open"
    disposing.turn_down(second, disposal_id=batch.pk)
    assert verbs() == ["disposal.proposed", "disposal.turned_down"]
    assert desk.fresh().destroyed_at is None
    with pytest.raises(Conflict):
        disposing.approve(second, disposal_id=batch.pk, digest=batch.digest)
    proposed(desk)


def test_only_supervisors_of_the_team(desk: Desk, due: Case) -> None:
    team = desk.case.team_id
    for ctx in (desk.caseworker, desk.auditor, desk.outsider):
        with pytest.raises(NotAllowed):
            disposing.propose(ctx, team_id=team, case_ids=[desk.case.pk])
    batch = proposed(desk)
    for ctx, refusal in ((desk.caseworker, NotAllowed), (desk.outsider, NotFound)):
        error: type[DomainError] = refusal
        with pytest.raises(error):
            disposing.approve(ctx, disposal_id=batch.pk, digest=batch.digest)
        with pytest.raises(error):
            disposing.turn_down(ctx, disposal_id=batch.pk)
    assert desk.fresh().destroyed_at is None
    assert verbs() == ["disposal.proposed"]


def test_what_each_team_sees(desk: Desk, due: Case, second: Context) -> None:
    (one,) = disposals.of_teams(desk.supervisor)
    assert ([case.pk for case in one.due], one.waiting, one.batch) == ([due.pk], 1, None)
    assert disposals.of_teams(desk.outsider) == []
    batch = proposed(desk)
    (one,) = disposals.of_teams(second)
    assert one.batch is not None
    assert ([case.pk for case in one.batch.cases], one.batch.is_own) == ([due.pk], False)
    disposing.approve(second, disposal_id=batch.pk, digest=batch.digest)
    assert disposals.of_teams(second) == []
    (row,) = disposals.decided(second)
    assert (row.pk, getattr(row, "size", 0)) == (batch.pk, 1)
    assert disposals.decided(desk.outsider) == []
