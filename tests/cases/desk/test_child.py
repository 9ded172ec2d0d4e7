"""One button: everything in the case is locked at once, and another team has it."""

from __future__ import annotations

from cases.models import Case
from hashing.lists.models import Entry
from portal.accounts.roles import Role
from tests.cases.desk.conftest import Teams, verbs_about
from tests.factories import make_staff
from tests.staff_fixtures import StaffBrowser, browser_of


def test_it_locks_and_hands_over_without_a_question(
    caseworker: StaffBrowser, case: Case, entry: Entry, teams: Teams
) -> None:
    response = caseworker.post(f"/desk/cases/{case.reference}/child")
    assert response["Location"] == "/desk/?done=locked"
    case.refresh_from_db()
    entry.refresh_from_db()
    assert case.child_suspected_at is not None
    assert case.team == teams.restricted
    assert entry.state == "withdrawn"
    assert case.pictures.get().picture.locked_at is not None
    assert verbs_about(case).count("case.child_suspected") == 1


def test_afterwards_the_case_is_gone_for_the_first_team(caseworker: StaffBrowser, case: Case) -> None:
    caseworker.post(f"/desk/cases/{case.reference}/child")
    assert caseworker.get(f"/desk/cases/{case.reference}/").status_code == 404


def test_the_restricted_team_sees_a_locked_case(caseworker: StaffBrowser, case: Case, teams: Teams) -> None:
    caseworker.post(f"/desk/cases/{case.reference}/child")
    member = browser_of(make_staff(Role.SUPERVISOR, [teams.restricted]))
    assert "A child may be affected" in member.get(f"/desk/cases/{case.reference}/").content.decode()
    answers = {
        tail: member.post(f"/desk/cases/{case.reference}/files/1/{tail}", data).status_code
        for tail, data in (("view", {"reason": "to help the police"}), ("not-listed", {}))
    }
    assert answers == {"view": 409, "not-listed": 409}
    assert member.get(f"/desk/cases/{case.reference}/files/1/preview").status_code == 409
