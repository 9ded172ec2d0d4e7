"""States, assignment, and what the database itself refuses."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from cases import selectors, states
from cases.models import Case
from cases.services.assigning import assign
from cases.services.moving import move
from cases.states import CLOSED_STATES, CaseState, Decision, LocationState, WaitingFor
from portal.accounts.roles import Perm
from portal.audit.models import Entry
from portal.core import clock
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.cases.services.conftest import Desk


class Log:
    """What was recorded since it was last asked: entries of one moment have no order of their own."""

    def __init__(self) -> None:
        self.known: set[object] = set()

    def news(self) -> list[tuple[str, dict[str, object]]]:
        found = [entry for entry in Entry.objects.all() if entry.pk not in self.known]
        self.known |= {entry.pk for entry in found}
        return [(entry.verb, entry.payload) for entry in found]


@pytest.mark.parametrize(
    ("table", "all_states"),
    [(states.CASE, CaseState), (states.LOCATION, LocationState), (states.DECISION, Decision)],
)
def test_every_state_is_in_its_table(table: dict[str, frozenset[str]], all_states: Iterable[str]) -> None:
    assert set(table) == set(all_states)
    assert set().union(*table.values()) <= set(all_states)


def test_every_case_can_be_withdrawn_and_a_withdrawn_one_stays(desk: Desk) -> None:
    ways = {state for state, to in states.CASE.items() if CaseState.WITHDRAWN in to}
    assert ways == set(CaseState) - {CaseState.WITHDRAWN}
    assert states.CASE[CaseState.WITHDRAWN] == frozenset()


def test_a_case_moves_and_says_so(desk: Desk) -> None:
    log = Log()
    log.news()
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.ACTIVE)
    assert log.news() == [("case.moved", {"before": "new", "after": "active"})]
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.WAITING, waiting_for=WaitingFor.PLATFORM)
    assert log.news() == [("case.moved", {"before": "active", "after": "waiting", "reason": "platform"})]
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.RESOLVED)
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.CLOSED)
    assert desk.fresh().closed_at is not None
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.REOPENED)
    assert (desk.fresh().state, desk.fresh().closed_at, desk.fresh().waiting_for) == ("reopened", None, "")


@pytest.mark.parametrize("to", [CaseState.CLOSED, CaseState.NEW, CaseState.REOPENED])
def test_a_step_that_is_not_in_the_table(desk: Desk, to: CaseState) -> None:
    with pytest.raises(Conflict) as refused:
        move(desk.caseworker, case_id=desk.case.id, to=to)
    assert refused.value.code == "wrong_state"
    assert desk.fresh().state == "new"


def test_withdrawing_and_waiting_for_nobody_are_no_moves(desk: Desk) -> None:
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.ACTIVE)
    for to in (CaseState.WITHDRAWN, CaseState.WAITING):
        with pytest.raises(Invalid):
            move(desk.caseworker, case_id=desk.case.id, to=to)
    assert desk.fresh().state == "active"


def test_who_may_not_move(desk: Desk) -> None:
    with pytest.raises(NotFound):
        move(desk.outsider, case_id=desk.case.id, to=CaseState.ACTIVE)
    with pytest.raises(NotAllowed):
        move(desk.auditor, case_id=desk.case.id, to=CaseState.ACTIVE)
    assert desk.fresh().state == "new"
    assert Entry.objects.filter(verb="case.moved").count() == 0


def test_assignment(desk: Desk) -> None:
    worker, boss = UUID(desk.caseworker.actor.id), UUID(desk.supervisor.actor.id)
    log = Log()
    log.news()
    assign(desk.caseworker, case_id=desk.case.id, staff_id=worker)
    assert desk.fresh().assignee_id == worker
    assert log.news() == [("case.assigned", {"staff": str(worker), "team": str(desk.case.team_id)})]
    with pytest.raises(NotAllowed):
        assign(desk.caseworker, case_id=desk.case.id, staff_id=boss)
    with pytest.raises(Invalid) as refused:
        assign(desk.supervisor, case_id=desk.case.id, staff_id=UUID(desk.outsider.actor.id))
    assert refused.value.code == "not_in_team"
    with pytest.raises(NotFound):
        assign(desk.outsider, case_id=desk.case.id, staff_id=UUID(desk.outsider.actor.id))
    assert desk.fresh().assignee_id == worker
    assign(desk.supervisor, case_id=desk.case.id, staff_id=None)
    assert desk.fresh().assignee_id is None


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "closed"},
        {"closed_at": clock.now()},
        {"state": "waiting"},
        {"waiting_for": "court"},
        {"contact_kind": "none"},
        {"contact_sealed": None},
        {"destroyed_at": clock.now()},
        {"state": "withdrawn", "closed_at": clock.now()},
        {"state": "nonsense"},
    ],
)
def test_the_database_refuses_what_cannot_be(desk: Desk, broken: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(**broken)


def test_selectors_show_a_team_its_own(desk: Desk) -> None:
    reference = desk.case.reference
    assert list(selectors.queue(desk.caseworker.actor)) == [desk.case]
    assert list(selectors.queue(desk.outsider.actor)) == []
    assert selectors.case_for(desk.caseworker.actor, f" {reference[:4].lower()}-{reference[4:]}") == desk.case
    with pytest.raises(NotFound):
        selectors.case_for(desk.outsider.actor, reference)
    with pytest.raises(NotAllowed):
        selectors.queue(desk.auditor.actor)
    with pytest.raises(NotAllowed):
        selectors.case_for(desk.caseworker.actor, reference, Perm.ENTRY_APPROVE)


def test_a_case_is_found_by_its_contact(desk: Desk) -> None:
    assert list(selectors.find_by_contact(desk.caseworker.actor, "ANN@post.example")) == [desk.case]
    assert list(selectors.find_by_contact(desk.caseworker.actor, "bob@post.example")) == []
    assert list(selectors.find_by_contact(desk.outsider.actor, "ann@post.example")) == []
    with pytest.raises(Invalid):
        selectors.find_by_contact(desk.caseworker.actor, "neither")


def test_the_timeline_is_of_the_case_and_its_files(desk: Desk) -> None:
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.ACTIVE)
    verbs = [entry.verb for entry in selectors.timeline(desk.caseworker.actor, desk.case)]
    assert verbs[0] == "case.moved"
    assert sorted(verbs[1:]) == ["case.consented", "case.opened"]
    with pytest.raises(NotAllowed):
        selectors.timeline(desk.outsider.actor, desk.case)


def test_closed_states_are_the_ones_that_end(desk: Desk) -> None:
    assert {str(state) for state in CLOSED_STATES} == {"closed", "redirected", "declined", "withdrawn"}
