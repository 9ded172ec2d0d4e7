"""The queue hands out one case to one person: the most urgent first, never one twice, never for good."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from cases.models import About, AgeRoute, Case, Priority
from cases.services.assigning import assign
from cases.services.opening import Report, open_case
from cases.services.pulling import FOR, pull_next, put_back
from cases.states import CaseState
from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, NotAllowed, NotFound
from tests.cases.services.conftest import Desk
from tests.cases.services.test_locations import entries
from tests.cases.services.test_races import at_once
from tests.factories import ctx_of, make_agency, make_staff


def more(case: Case, number: int, **changes: object) -> list[Case]:
    """Further cases like this one, each a minute older than the one before."""
    values = Case.objects.filter(pk=case.pk).values().get() | changes
    made = []
    for each in range(1, number + 1):
        opened = case.opened_at - timedelta(minutes=each)
        reference = f"MORE{Case.objects.count():04d}"
        made.append(
            Case.objects.create(**(values | {"id": uuid4(), "reference": reference, "opened_at": opened}))
        )
    return made


def pulled(ctx: Context) -> str | None:
    case = pull_next(Context(ctx.actor))
    return case.reference if case else None


def test_the_most_urgent_comes_first_then_the_oldest(desk: Desk) -> None:
    older, oldest = more(desk.case, 2)
    (urgent,) = more(desk.case, 1, priority=Priority.NOW)
    seen = []
    for _ in range(5):
        found = pulled(desk.caseworker)
        seen.append(found)
        if found:
            assign(
                desk.caseworker,
                case_id=Case.objects.get(reference=found).pk,
                staff_id=UUID(desk.caseworker.actor.id),
            )
    assert seen == [urgent.reference, oldest.reference, older.reference, desk.case.reference, None]
    assert [entry["priority"] for entry in entries("case.pulled")] == [1, 3, 3, 3]


def test_nobody_collects_them_and_nobody_else_gets_the_same(desk: Desk) -> None:
    (second,) = more(desk.case, 1)
    first = pulled(desk.caseworker)
    assert first == second.reference
    assert pulled(desk.caseworker) == first
    assert pulled(desk.supervisor) == desk.case.reference
    other = ctx_of(make_staff(Role.CASEWORKER, [desk.case.team]))
    assert pulled(other) is None
    with pytest.raises(Conflict) as refused:
        assign(other, case_id=second.pk, staff_id=UUID(other.actor.id))
    assert refused.value.code == "pulled"
    assert Case.objects.get(pk=second.pk).assignee is None


def test_after_its_time_anybody_may_have_it(desk: Desk) -> None:
    pull_next(desk.caseworker)
    Case.objects.update(pulled_until=clock.now() - timedelta(seconds=1))
    assert pulled(desk.supervisor) == desk.case.reference
    assert desk.fresh().pulled_until > clock.now() + FOR - timedelta(minutes=1)  # type: ignore[operator]  # it is set


def test_putting_back_and_taking(desk: Desk) -> None:
    pull_next(desk.caseworker)
    put_back(desk.supervisor, case_id=desk.case.id)  # not theirs: nothing changes
    assert entries("case.put_back") == []
    put_back(desk.caseworker, case_id=desk.case.id)
    assert entries("case.put_back") == [{}]
    pull_next(desk.supervisor)
    assign(desk.supervisor, case_id=desk.case.id, staff_id=UUID(desk.caseworker.actor.id))
    assert (desk.fresh().pulled_by, desk.fresh().pulled_until) == (None, None)


def test_only_what_waits_in_ones_own_teams(desk: Desk) -> None:
    assert pulled(desk.outsider) is None
    with pytest.raises(NotAllowed):
        pull_next(desk.auditor)
    with pytest.raises(NotFound):
        put_back(desk.outsider, case_id=desk.case.id)
    Case.objects.update(state=CaseState.ACTIVE)
    assert pulled(desk.caseworker) is None
    assert Entry.objects.filter(verb="case.pulled").count() == 0


def test_workers_who_ask_at_the_same_moment(committed_db: None) -> None:
    """Four ask at once for two cases, for real: two get one each, two are told that there is none."""
    make_agency()
    cases = [
        open_case(Context.visitor(), report=Report(about=About.ME, age_route=AgeRoute.ADULT)).case
        for _ in range(2)
    ]
    team = cases[0].team
    workers = [ctx_of(make_staff(Role.CASEWORKER, [team])) for _ in range(4)]
    got: list[str | None] = []

    def ask(worker: Context) -> None:
        got.append(pulled(worker))

    assert at_once(*[lambda worker=worker: ask(worker) for worker in workers]) == ["done"] * 4
    assert sorted(reference for reference in got if reference) == sorted(case.reference for case in cases)
    assert got.count(None) == 2
    assert set(Case.objects.values_list("pulled_by", flat=True)) <= {UUID(one.actor.id) for one in workers}
    assert Entry.objects.filter(verb="case.pulled").count() == 2
