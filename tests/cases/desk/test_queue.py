"""The queue: whose cases, in which order, with which next step, at a constant cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.desk import words
from cases.desk.queue import PAGE_SIZE
from cases.models import Case, CasePicture
from cases.services import messaging
from cases.states import CaseState, Decision
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core import clock, references
from portal.core.context import Context
from tests.cases.desk.conftest import MakeCase, Teams, copies_of
from tests.factories import ctx_of, make_staff
from tests.photos import refused
from tests.staff_fixtures import StaffBrowser, browser_of


def shown(browser: StaffBrowser, address: str = "/desk/") -> list[str]:
    return [row.case.reference for row in browser.get(address).context["rows"]]


def test_it_lists_the_own_teams_open_cases_oldest_first(
    caseworker: StaffBrowser, make_case: MakeCase, teams: Teams
) -> None:
    old, new, closed = make_case(), make_case(), make_case()
    make_case(team=teams.other)
    Case.objects.filter(pk=old.pk).update(opened_at=clock.now() - timedelta(days=2))
    Case.objects.filter(pk=closed.pk).update(state=CaseState.DECLINED, closed_at=clock.now())
    assert shown(caseworker) == [old.reference, new.reference]


def test_it_can_show_mine_and_what_nobody_has(caseworker: StaffBrowser, make_case: MakeCase) -> None:
    mine, free = make_case(), make_case()
    Case.objects.filter(pk=mine.pk).update(assignee=caseworker.staff)
    assert shown(caseworker, "/desk/?show=mine") == [mine.reference]
    assert shown(caseworker, "/desk/?show=unassigned") == [free.reference]
    tabs = caseworker.get("/desk/?show=nonsense").context["tabs"]
    assert [(tab.name, tab.count, tab.is_current) for tab in tabs] == [
        ("mine", 1, False),
        ("unassigned", 1, False),
        ("all", 2, True),
    ]


def test_it_says_where_the_person_has_written_until_somebody_answers(
    caseworker: StaffBrowser, case: Case, make_case: MakeCase
) -> None:
    make_case()
    messaging.write(Context.person(case.pk), case_id=case.pk, body="Is there news?")
    assert news(caseworker) == {case.reference}
    assert caseworker.get("/desk/").content.decode().count("New message") == 1
    messaging.read(ctx_of(caseworker.staff), case_id=case.pk)
    assert news(caseworker) == {case.reference}, "read is not answered"
    messaging.answer(ctx_of(caseworker.staff), case_id=case.pk, body="Soon")
    assert news(caseworker) == set()


def news(browser: StaffBrowser) -> set[str]:
    return {row.case.reference for row in browser.get("/desk/").context["rows"] if row.has_news}


def test_it_costs_the_same_with_one_case_and_with_fifty(
    standing_clock: None, caseworker: StaffBrowser, case: Case
) -> None:
    with CaptureQueriesContext(connection) as one:
        assert len(shown(caseworker)) == 1
    copies_of(case, 49)
    with CaptureQueriesContext(connection) as fifty:
        assert len(shown(caseworker)) == PAGE_SIZE
    assert len(fifty) == len(one)
    assert len(one) <= 16


def test_pages_by_key_show_every_case_once(caseworker: StaffBrowser, case: Case) -> None:
    # All opened at the same moment: the key alone must keep them apart.
    cases = [case, *copies_of(case, PAGE_SIZE + 1)]
    first = caseworker.get("/desk/")
    assert len(first.context["rows"]) == PAGE_SIZE
    rest = caseworker.get("/desk/", {"after": first.context["next"]})
    assert rest.context["next"] == ""
    both = [row.case.reference for page in (first, rest) for row in page.context["rows"]]
    assert sorted(both) == sorted(case.reference for case in cases)


@pytest.mark.parametrize("cursor", ["x", "1.", "1.zz", "99999999999999999999.00", "-1"])
def test_a_made_up_page_is_refused(caseworker: StaffBrowser, cursor: str) -> None:
    assert caseworker.get("/desk/", {"after": cursor}).status_code == 422


def test_looking_at_the_queue_opens_no_report(caseworker: StaffBrowser, case: Case) -> None:
    before = AuditEntry.objects.count()
    page = caseworker.get("/desk/").content.decode()
    assert references.grouped(case.reference) in page
    assert "canary" not in page
    assert AuditEntry.objects.count() == before


def test_next_actions_follow_from_what_is_recorded(case: Case, caseworker: StaffBrowser) -> None:
    assert words.next_action(case, undecided=1, proposed=0) == "Assign it to somebody"
    case.assignee = caseworker.staff
    assert words.next_action(case, undecided=2, proposed=1) == "Review 2 pictures"
    assert words.next_action(case, undecided=0, proposed=1) == "Second person: 1 proposal"
    assert words.next_action(case, undecided=0, proposed=0) == "Start work"
    case.state, case.waiting_for = CaseState.WAITING, "platform"
    assert words.next_action(case, undecided=0, proposed=0) == "Waiting for: A platform"
    case.child_suspected_at = clock.now()
    assert words.next_action(case, undecided=1, proposed=0) == "Follow the steps for children"
    case.state = CaseState.CLOSED
    assert words.next_action(case, undecided=1, proposed=0) == "Nothing to do"


def test_every_state_has_words() -> None:
    assert set(words.DECISION_TONE) == set(Decision.values)


def test_a_file_that_cannot_be_opened_waits_for_nobody(caseworker: StaffBrowser, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(assignee=caseworker.staff)
    assert caseworker.get("/desk/").context["rows"][0].next_action == "Review 1 picture"
    CasePicture.objects.update(picture=refused())
    assert caseworker.get("/desk/").context["rows"][0].next_action == "Start work"


@pytest.mark.parametrize(
    ("role", "page"), [(Role.ADMINISTRATOR, "/desk/staff/"), (Role.AUDITOR, "/desk/log/")]
)
def test_roles_without_cases_are_not_sent_in_circles(teams: Teams, role: Role, page: str) -> None:
    browser = browser_of(make_staff(role, []))
    assert browser.get("/desk/").headers["Location"] == page
    assert browser.get(page).status_code == 200
