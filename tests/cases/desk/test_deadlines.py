"""The page of what is due, and the deadlines of a case."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Deadline
from portal.core import clock
from tests.cases.desk.conftest import MakeCase, Teams
from tests.staff_fixtures import StaffBrowser


def test_what_is_most_urgent_comes_first(caseworker: StaffBrowser, make_case: MakeCase, teams: Teams) -> None:
    mine, other = make_case(), make_case(team=teams.other)
    now = clock.now()
    Deadline.objects.filter(case=mine, kind="first_look").update(
        set_at=now - timedelta(days=3), due_at=now - timedelta(hours=1)
    )
    Deadline.objects.filter(case=mine, kind="resolve").update(due_at=now + timedelta(hours=2))
    page = caseworker.get("/desk/due/")
    shown = [(line.deadline.case_id, line.deadline.kind, line.label) for line in page.context["lines"]]
    assert shown == [(mine.pk, "first_look", "Overdue"), (mine.pk, "resolve", "Soon")]
    assert other.reference not in page.content.decode()
    assert caseworker.get("/desk/due/?show=mine").context["lines"] == []
    Case.objects.filter(pk=mine.pk).update(assignee=caseworker.staff)
    assert len(caseworker.get("/desk/due/?show=mine").context["lines"]) == 2


def test_a_case_says_what_is_due(caseworker: StaffBrowser, case: Case) -> None:
    Deadline.objects.filter(kind="resolve").update(paused_at=clock.now())
    page = caseworker.get(f"/desk/cases/{case.reference}/")
    lines = page.context["page"].deadlines
    assert [(line.deadline.kind, line.label) for line in lines] == [
        ("first_look", "Running"),
        ("resolve", "Stands still"),
    ]
    queue = caseworker.get("/desk/").context["rows"]
    assert (queue[0].due_at, queue[0].is_over) == (Deadline.objects.get(kind="first_look").due_at, False)


def test_it_costs_the_same_with_many(
    standing_clock: None, caseworker: StaffBrowser, make_case: MakeCase
) -> None:
    make_case()
    with CaptureQueriesContext(connection) as few:
        caseworker.get("/desk/due/")
    for _ in range(4):
        make_case()
    with CaptureQueriesContext(connection) as many:
        assert len(caseworker.get("/desk/due/").context["lines"]) == 10
    assert len(many) == len(few)
