"""How urgent a case is follows from reasons that anybody can read; staff may override them and say why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cases import triage
from cases.models import AgeRoute, Case, Circumstance, Deadline, Priority, PriorityChoice, TriageReason
from cases.services import child, locating, triaging
from cases.services.withdrawal import Scope, withdraw
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Invalid, NotAllowed, NotFound
from tests.cases.services.conftest import Desk
from tests.cases.services.test_locations import entries


def of(**facts: object) -> list[str]:
    case = Case(**({"age_route": AgeRoute.ADULT, "circumstances": [], "in_danger": False} | facts))
    return [reason.value for reason in triage.reasons(case, places=1, due_soon=False)]


def test_every_reason_is_recorded_of_the_case_and_has_its_priority() -> None:
    assert set(triage.BY_REASON) == set(TriageReason)
    assert of() == []
    assert of(age_route=AgeRoute.UNSURE) == ["child"]
    assert of(child_suspected_at=clock.now()) == ["child"]
    assert of(circumstances=[Circumstance.MONEY, Circumstance.THREATENED]) == ["extortion", "threat"]
    assert of(in_danger=True) == ["danger"]
    case = Case(age_route=AgeRoute.ADULT)
    assert triage.reasons(case, places=3, due_soon=True) == [TriageReason.SPREAD, TriageReason.CLOCK]


def test_the_most_urgent_reason_decides() -> None:
    assert triage.priority([]) is Priority.USUAL
    assert triage.priority([TriageReason.SPREAD]) is Priority.TODAY
    assert triage.priority([TriageReason.SPREAD, TriageReason.EXTORTION]) is Priority.NOW


def test_actions_keep_it_up_to_date(desk: Desk) -> None:
    assert (desk.fresh().priority, desk.fresh().triage_reasons) == (Priority.USUAL, [])
    locating.add(desk.caseworker, case_id=desk.case.id, typed="https://a.example/2\nhttps://a.example/3")
    assert (desk.fresh().priority, desk.fresh().triage_reasons) == (Priority.TODAY, ["spread"])
    child.suspect(desk.caseworker, case_id=desk.case.id)
    assert (desk.fresh().priority, desk.fresh().triage_reasons) == (Priority.NOW, ["child", "spread"])


def test_a_deadline_that_comes_near_is_a_reason_until_it_is_met(desk: Desk) -> None:
    assert triaging.sweep(Context.system("test")) == 0
    Deadline.objects.filter(kind="resolve").update(due_at=clock.now() + timedelta(hours=1))
    assert triaging.sweep(Context.system("test")) == 1
    assert (desk.fresh().priority, desk.fresh().triage_reasons) == (Priority.TODAY, ["clock"])
    assert triaging.sweep(Context.system("test")) == 0
    Deadline.objects.filter(kind="resolve").update(met_at=clock.now(), met_by="case.moved")
    assert triaging.sweep(Context.system("test")) == 1
    assert (desk.fresh().priority, desk.fresh().triage_reasons) == (Priority.USUAL, [])


def test_staff_may_know_better_and_say_why(desk: Desk) -> None:
    why = "They called again and are very afraid"
    triaging.choose(desk.caseworker, case_id=desk.case.id, priority=Priority.NOW, reason=why)
    assert desk.fresh().priority == Priority.NOW
    assert PriorityChoice.objects.get().reason == why
    assert entries("case.prioritised") == [{"before": 3, "priority": 1}]
    locating.add(desk.caseworker, case_id=desk.case.id, typed="https://a.example/2\nhttps://a.example/3")
    assert (desk.fresh().priority, desk.fresh().triage_reasons) == (Priority.NOW, ["spread"])
    triaging.choose(desk.supervisor, case_id=desk.case.id, priority=Priority.USUAL, reason="It was a mistake")
    assert desk.fresh().priority == Priority.USUAL
    withdraw(Context.person(desk.case.id), case_id=desk.case.id, scope=Scope.EVERYTHING)
    assert (PriorityChoice.objects.count(), desk.fresh().triage_reasons) == (0, [])


def test_who_may_not_changes_nothing(desk: Desk) -> None:
    case_id, why = desk.case.id, "a long enough sentence"
    with pytest.raises(NotFound):
        triaging.choose(desk.outsider, case_id=case_id, priority=Priority.NOW, reason=why)
    with pytest.raises(NotAllowed):
        triaging.choose(desk.auditor, case_id=case_id, priority=Priority.NOW, reason=why)
    with pytest.raises(Invalid):
        triaging.choose(desk.caseworker, case_id=case_id, priority=Priority.NOW, reason="short")
    assert (desk.fresh().priority, entries("case.prioritised")) == (Priority.USUAL, [])
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(priority=9)
