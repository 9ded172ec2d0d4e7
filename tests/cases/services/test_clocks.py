"""Deadlines: started by actions, met by actions, still while the person has to answer, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from cases import deadlines, digests
from cases.models import Capture, Case, Deadline, DeadlineKind, Location, Refusal
from cases.services import clocks, notice_sending
from cases.services import location_steps as steps
from cases.services.assigning import assign
from cases.services.moving import move
from cases.services.withdrawal import Scope, withdraw
from cases.states import CaseState, LocationState, WaitingFor
from portal.accounts.models import Staff
from portal.agency.models import Agency
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import NotAllowed
from tests.cases.desk.noticed import a_notice
from tests.cases.services.conftest import Desk
from tests.cases.services.test_locations import first
from tests.cases.visitors import deliver_all, mails


def standing() -> dict[str, tuple[str, str]]:
    """By kind: how each deadline stands, and which action met it."""
    return {
        row.kind: (
            "met" if row.met_at else "ended" if row.ended_at else "paused" if row.paused_at else "runs",
            row.met_by,
        )
        for row in Deadline.objects.all()
    }


def due(kind: str) -> datetime:
    return Deadline.objects.get(kind=kind, met_at=None, ended_at=None).due_at


def test_a_report_starts_the_agencys_own_clocks(desk: Desk) -> None:
    assert standing() == {"first_look": ("runs", ""), "resolve": ("runs", "")}
    assert due("first_look") == desk.case.opened_at + timedelta(hours=48)
    assert due("resolve") == desk.case.opened_at + timedelta(days=28)
    assert set(Deadline.objects.values_list("jurisdiction", flat=True)) == {"AU"}


def test_a_promise_counts_working_days() -> None:
    friday = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert deadlines.working_days(friday, 2) == datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    assert deadlines.working_days(friday, 5) == friday + timedelta(days=7)


def test_the_actions_themselves_meet_them(desk: Desk) -> None:
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.ACTIVE)
    assert standing()["first_look"] == ("met", "case.moved")
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.RESOLVED)
    assert standing()["resolve"] == ("met", "case.moved")


def test_the_clock_stands_still_while_the_person_has_to_answer(desk: Desk) -> None:
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.ACTIVE)
    before = due("resolve")
    asked = Context(desk.caseworker.actor, at=clock.now() + timedelta(minutes=10))
    move(asked, case_id=desk.case.id, to=CaseState.WAITING, waiting_for=WaitingFor.PERSON)
    assert standing()["resolve"] == ("paused", "")
    answered = Context(desk.caseworker.actor, at=asked.at + timedelta(minutes=30))
    move(answered, case_id=desk.case.id, to=CaseState.ACTIVE)
    assert standing()["resolve"] == ("runs", "")
    assert due("resolve") == before + timedelta(minutes=30)


def test_waiting_for_a_platform_stops_no_clock(desk: Desk) -> None:
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.ACTIVE)
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.WAITING, waiting_for=WaitingFor.PLATFORM)
    assert standing()["resolve"] == ("runs", "")


def test_a_notice_runs_by_its_own_law_until_the_service_has_acted(desk: Desk) -> None:
    row = a_notice(desk.case)
    notice_sending.approve(desk.supervisor, notice_id=row.pk, digest=row.digest)
    sent = notice_sending.send(desk.caseworker, notice_id=row.pk)
    answer = Deadline.objects.get(kind="notice_answer")
    assert (answer.location, answer.jurisdiction, answer.due_at) == (first(desk), "AU", sent.due_at)
    steps.acknowledge(desk.caseworker, location_id=first(desk).pk)
    assert standing()["notice_answer"] == ("runs", "")
    steps.refuse(desk.caseworker, location_id=first(desk).pk, why=Refusal.NO_REASON)
    assert standing()["notice_answer"] == ("met", "location.moved")


def test_what_was_removed_is_looked_at_again_three_times(desk: Desk) -> None:
    start = clock.now()
    steps.end(Context(desk.caseworker.actor, at=start), location_id=first(desk).pk, to=LocationState.REMOVED)
    ahead = []
    for days in (1, 7, 30):
        ahead.append((due("look_again") - start).days)
        with time_machine.travel(start + timedelta(days=days, minutes=1), tick=False):
            later = Context(desk.caseworker.actor)
            steps.recheck(later, location_id=first(desk).pk, still_up=False)
    assert ahead == [1, 7, 30]
    assert set(Deadline.objects.filter(kind="look_again").values_list("met_by", flat=True)) == {
        "location.checked"
    }
    assert Deadline.objects.filter(kind="look_again").count() == 3


def test_up_again_starts_anew(desk: Desk) -> None:
    steps.end(desk.caseworker, location_id=first(desk).pk, to=LocationState.REMOVED)
    steps.recheck(desk.caseworker, location_id=first(desk).pk, still_up=True)
    assert standing()["look_again"] == ("met", "location.checked")
    assert not deadlines.still_open().filter(kind="look_again").exists()


def test_a_case_that_ends_has_nothing_due(desk: Desk) -> None:
    steps.end(desk.caseworker, location_id=first(desk).pk, to=LocationState.REMOVED)
    clocks.start(desk.caseworker, desk.fresh(), DeadlineKind.CHILD_REPORT)
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.REDIRECTED)
    assert standing() == {
        "first_look": ("met", "case.moved"),
        "resolve": ("ended", ""),
        "look_again": ("ended", ""),
        "child_report": ("runs", ""),
    }
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.REOPENED)
    assert due("resolve") > clock.now()
    withdraw(Context.person(desk.case.id), case_id=desk.case.id, scope=Scope.EVERYTHING)
    assert [row.kind for row in deadlines.still_open()] == ["child_report"]


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "nonsense"},
        {"met_by": "case.moved"},
        {"met_at": clock.now()},
        {"met_at": clock.now(), "met_by": "x", "ended_at": clock.now()},
        {"paused_at": clock.now(), "ended_at": clock.now()},
        {"due_at": clock.now() - timedelta(days=900)},
    ],
)
def test_the_database_refuses_what_cannot_be(desk: Desk, broken: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.update(**broken)
    twin = Deadline.objects.get(kind="resolve")
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_urgency_in_order_for_ones_own_teams(desk: Desk) -> None:
    Deadline.objects.filter(kind="resolve").update(due_at=clock.now() + timedelta(hours=1))
    assert [row.kind for row in deadlines.of_teams(desk.caseworker.actor)] == ["resolve", "first_look"]
    assert list(deadlines.of_teams(desk.caseworker.actor, mine=True)) == []
    assert list(deadlines.of_teams(desk.outsider.actor)) == []
    with pytest.raises(NotAllowed):
        deadlines.of_teams(desk.auditor.actor)
    with pytest.raises(NotAllowed):
        deadlines.of_case(desk.outsider.actor, desk.case)
    row, now = Deadline.objects.get(kind="resolve"), clock.now()
    late = [timedelta(hours=-7), timedelta(0), timedelta(hours=1)]
    told = [deadlines.urgency(row, row.due_at + each) for each in late]
    assert [(one.is_over, one.is_soon) for one in told] == [(False, False), (False, True), (True, False)]
    row.paused_at = now
    assert deadlines.urgency(row, row.due_at + timedelta(days=1)).is_paused
    assert deadlines.nearest([desk.case]) == {desk.case.pk: row.due_at}


def test_once_a_day_staff_hear_numbers_and_nothing_else(desk: Desk, agency: Agency) -> None:
    worker = Staff.objects.get(pk=desk.caseworker.actor.id)
    assign(desk.supervisor, case_id=desk.case.id, staff_id=worker.pk)
    system = Context.system("cases.digest")
    assert digests.send(system) == 0
    now = clock.now()
    old = {"set_at": now - timedelta(days=3), "due_at": now - timedelta(hours=2)}
    Deadline.objects.filter(kind="first_look").update(**old)
    Deadline.objects.filter(kind="resolve").update(due_at=now + timedelta(hours=2))
    assert digests.send(Context.system("cases.digest")) == 1
    assert digests.send(Context.system("cases.digest")) == 0
    deliver_all()
    (mail,) = mails()
    assert mail == {
        "to": worker.email,
        "subject": "What is due",
        "body": "1 is overdue.\n1 is due within a day.",
    }
    with time_machine.travel(clock.now() + timedelta(hours=23, minutes=1)):
        assert digests.send(Context.system("cases.digest")) == 1


def test_a_location_of_another_case_is_left_alone(desk: Desk) -> None:
    twin = Case.objects.get(pk=desk.case.pk)
    twin.pk, twin.reference = None, "TWIN0002"
    twin.save(force_insert=True)
    clocks.opened(desk.caseworker, twin)
    steps.note_seen(desk.caseworker, location_id=first(desk).pk, capture=Capture.SEEN)
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.ACTIVE)
    assert {row.kind for row in deadlines.still_open().filter(case=twin)} == {"first_look", "resolve"}
    assert Location.objects.filter(case=twin).count() == 0
