"""Linked cases at the desk: a panel, a page, and the same number of queries however many there are."""

from __future__ import annotations

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, CaseLink
from portal.audit.models import Entry
from portal.core import clock
from tests.cases.desk.conftest import MakeCase, Teams
from tests.staff_fixtures import StaffBrowser


def page(browser: StaffBrowser, case: Case, tail: str = "") -> str:
    response = browser.get(f"/desk/cases/{case.reference}/{tail}")
    assert response.status_code == 200
    return response.content.decode()


def test_suggested_confirmed_and_undone(
    caseworker: StaffBrowser, case: Case, make_case: MakeCase, teams: Teams
) -> None:
    other, hidden = make_case(), make_case(team=teams.other)
    assert "1 case may belong to this one" in page(caseworker, case)
    links = page(caseworker, case, "links/")
    assert other.reference in links
    assert hidden.reference not in links
    address = f"/desk/cases/{case.reference}/links/"
    joined = caseworker.post(f"{address}join", {"other-reference": other.reference})
    assert joined["Location"] == f"{address}?done=link-linked"
    assert f'href="/desk/cases/{other.reference}/"' in page(caseworker, case)
    assert "The same page, The same contact" in page(caseworker, other)
    link = CaseLink.objects.get()
    assert caseworker.post(f"{address}{link.pk}/undo")["Location"] == f"{address}?done=link-undone"
    apart = caseworker.post(f"{address}apart", {"other-reference": other.reference})
    assert apart["Location"] == f"{address}?done=link-apart"
    assert "They have nothing to do with each other" in page(caseworker, case, "links/")


def test_another_teams_reference_is_no_case(
    caseworker: StaffBrowser, case: Case, make_case: MakeCase, teams: Teams
) -> None:
    address = f"/desk/cases/{case.reference}/links/join"
    for reference in (make_case(team=teams.other).reference, "ABCD-EFGH"):
        answer = caseworker.post(address, {"other-reference": reference}).content.decode()
        assert "There is no such case, or it is another team" in answer
    assert "Enter the reference of a case." in caseworker.post(address, {}).content.decode()
    assert CaseLink.objects.count() == 0


def test_accounts_are_noted_and_removed(caseworker: StaffBrowser, case: Case) -> None:
    address = f"/desk/cases/{case.reference}/accounts/add"
    wrong = caseworker.post(address, {"handle-name": "two words"}).content.decode()
    assert "such as @name" in wrong
    done = caseworker.post(address, {"handle-name": "@Canary", "handle-platform": "x"})
    assert done["Location"] == f"/desk/cases/{case.reference}/links/?done=handle-added"
    shown = page(caseworker, case, "links/")
    assert '<bdi class="app-code" dir="ltr">canary</bdi>' in shown
    assert Entry.objects.filter(verb="case.read", payload={"part": "handles"}).count() == 1
    handle = case.handles.get()
    caseworker.post(f"/desk/cases/{case.reference}/accounts/{handle.pk}/remove")
    assert "None noted." in page(caseworker, case, "links/")


def test_it_costs_the_same_with_one_case_and_with_ten(caseworker: StaffBrowser, make_case: MakeCase) -> None:
    case = make_case(pictures=0)
    make_case(pictures=0)
    at = clock.now()
    with time_machine.travel(at, tick=False), CaptureQueriesContext(connection) as one:
        page(caseworker, case)
    for _number in range(6):
        make_case(pictures=0)
    for other in Case.objects.exclude(pk=case.pk).order_by("pk")[:3]:
        caseworker.post(f"/desk/cases/{case.reference}/links/join", {"other-reference": other.reference})
    with time_machine.travel(at, tick=False), CaptureQueriesContext(connection) as ten:
        page(caseworker, case)
    assert len(ten) == len(one)
