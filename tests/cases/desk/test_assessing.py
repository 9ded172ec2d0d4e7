"""An assessment's way over the desk's pages: refused by one, looked at again by another."""

from __future__ import annotations

from cases.models import Assessment, Case
from cases.services import messaging
from cases.services.withdrawal import Scope, withdraw
from portal.audit.models import Entry
from portal.core.context import Context
from tests.staff_fixtures import StaffBrowser

ANSWERS = {
    "proof": "word",
    "may_report": "yes",
    "basis": "complaint",
    "protected": "yes",
    "depicts": "no",
    "unwanted": "yes",
    "exempt": "no",
    "reasons": "The person in it is somebody else, as they say.",
}


def test_refused_answered_and_looked_at_again(
    caseworker: StaffBrowser, supervisor: StaffBrowser, case: Case
) -> None:
    address = f"/desk/cases/{case.reference}/assessment"
    page = caseworker.get(f"/desk/cases/{case.reference}/").content.decode()
    assert f'href="{address}"' in page
    assert "declined" not in page
    assert "You can choose “Not clear yet”." in caseworker.post(address, {}).content.decode()
    unwritten = caseworker.post(address, ANSWERS).content.decode()
    assert "Write to the person why it is refused." in unwritten
    assert Assessment.objects.count() == 0
    sent = caseworker.post(address, ANSWERS | {"letter": "It does not show you."})
    assert sent["Location"] == f"{address}?done=refused"
    own = caseworker.get(address).content.decode()
    assert "You refused this, so somebody else must look at it again." in own
    assert "The person in it is somebody else" in own
    assert Entry.objects.filter(verb="case.read", payload={"part": "assessment"}).exists()
    messaging.write(Context.person(case.pk), case_id=case.pk, body="It is me.")
    assert address in supervisor.get("/desk/approvals/").content.decode()
    verdict = {
        "review-verdict": "overturned",
        "review-reasons": "A call showed it.",
        "review-letter": "Sorry.",
    }
    assert "Choose one." in supervisor.post(f"{address}/review", {}).content.decode()
    assert supervisor.post(f"{address}/review", verdict)["Location"] == f"{address}?done=reviewed"
    case.refresh_from_db()
    assert case.state == "reopened"
    after = caseworker.get(address).content.decode()
    assert "The refusal was wrong: the case goes on" in after
    assert "Assess it anew" in after


def test_only_proofs_that_fit_who_reports(caseworker: StaffBrowser, case: Case) -> None:
    page = caseworker.get(f"/desk/cases/{case.reference}/assessment").content.decode()
    assert 'value="identity"' in page
    assert 'value="care"' not in page


def test_of_a_deleted_case_only_the_answers_are_left(caseworker: StaffBrowser, case: Case) -> None:
    address = f"/desk/cases/{case.reference}/assessment"
    caseworker.post(address, ANSWERS | {"depicts": "yes"})
    withdraw(Context.person(case.pk), case_id=case.pk, scope=Scope.EVERYTHING)
    page = caseworker.get(address).content.decode()
    assert "Accepted" in page
    assert "The person in it is somebody else" not in page
    assert "Assess it anew" not in page
