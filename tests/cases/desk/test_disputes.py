"""Quarantine at the desk: who sees it, two people judge it, and what the case's page and its review say."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from cases.models import Case
from cases.services import reviewing
from cases.states import Decision
from hashing.lists import services
from hashing.lists.models import Entry, Quarantine
from hashing.lists.reports import DisputeReason, Outline, Report, Value
from hashing.lists.states import Wire
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from tests.cases.desk.conftest import StateOf, Teams
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import Desk, make_partner
from tests.staff_fixtures import StaffBrowser, browser_of

OUTLINE = Outline("pdq", 27, (250, 0, 750, 1000))


@pytest.fixture
def disputed(entry: Entry, case: Case, teams: Teams) -> Quarantine:
    """The case's entry, listed, then disputed by the only partner."""
    approver = make_staff(Role.SUPERVISOR, [teams.own])
    reviewing.approve(ctx_of(approver), case_id=case.pk, entry_id=entry.pk, digest=entry.digest)
    services.publish_pending()
    partner = make_partner("Platform One")
    report = Report(
        entry_id=entry.pk, value=Value.DISPUTED, reason=DisputeReason.WRONG_MATCH, outline=OUTLINE
    )
    services.give_feedback(Context.partner(partner.pk), partner=partner, wire=Wire.NATIVE, report=report)
    services.publish_pending()
    return Quarantine.objects.get()


def page_of(browser: StaffBrowser, found: Quarantine) -> str:
    response = browser.get(f"/desk/disputes/{found.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def digest_in(page: str) -> str:
    return str(re.findall(r'name="digest" value="([0-9a-f]{64})"', page)[0])


def propose(browser: StaffBrowser, found: Quarantine, outcome: str) -> None:
    digest = digest_in(page_of(browser, found))
    fields = {"outcome": outcome, "digest": digest}
    response = browser.post(f"/desk/disputes/{found.pk}/propose", fields)
    assert response["Location"] == "/desk/disputes/?done=judged"


def test_the_page_shows_reports_and_outlines_and_no_picture(
    caseworker: StaffBrowser, disputed: Quarantine, case: Case
) -> None:
    listed = caseworker.get("/desk/disputes/").content.decode()
    assert "1 partner disputes it" in listed
    page = page_of(caseworker, disputed)
    for words in ("Platform One", "It matches other pictures", "PDQ, 27 bits differ, 50 % of their picture"):
        assert words in page
    assert '<rect x="250" y="0" width="500" height="1000"' in page
    assert "<img" not in page
    assert f"/desk/cases/{case.reference}/" in page


@pytest.mark.parametrize(
    ("outcome", "state", "decision", "done"),
    [
        ("restored", "listed", Decision.LISTED, "listed-again"),
        ("withdrawn", "withdrawn", Decision.NOT_LISTED, "withdrawn-again"),
    ],
)
def test_two_people_judge(  # noqa: PLR0917 (fixtures are asked for by name)
    outcome: str,
    state: str,
    decision: Decision,
    done: str,
    caseworker: StaffBrowser,
    supervisor: StaffBrowser,
    disputed: Quarantine,
    case: Case,
) -> None:
    propose(caseworker, disputed, outcome)
    digest = digest_in(page_of(supervisor, disputed))
    response = supervisor.post(f"/desk/disputes/{disputed.pk}/decide", {"digest": digest})
    assert response["Location"] == f"/desk/disputes/?done={done}"
    disputed.entry.refresh_from_db()
    assert (disputed.entry.state, case.pictures.get().decision) == (state, decision)
    assert "Nothing is in quarantine" in supervisor.get("/desk/disputes/").content.decode()
    timeline = supervisor.get(f"/desk/cases/{case.reference}/").content.decode()
    for words in ("A partner reported what it did", "Put into quarantine", "Outcome of the quarantine"):
        assert words in timeline


def test_the_first_person_is_shown_no_button_and_is_refused(
    supervisor: StaffBrowser, disputed: Quarantine, case: Case, state_of: StateOf
) -> None:
    propose(supervisor, disputed, "restored")
    page = page_of(supervisor, disputed)
    assert "You proposed this" in page
    assert f"/desk/disputes/{disputed.pk}/decide" not in page
    before = state_of(case)
    disputed.refresh_from_db()
    response = supervisor.post(f"/desk/disputes/{disputed.pk}/decide", {"digest": disputed.digest})
    assert response.status_code == 403
    assert state_of(case) == before


def test_a_caseworker_proposes_and_never_decides(
    caseworker: StaffBrowser, supervisor: StaffBrowser, disputed: Quarantine, case: Case, state_of: StateOf
) -> None:
    propose(supervisor, disputed, "restored")
    before = state_of(case)
    disputed.refresh_from_db()
    address = f"/desk/disputes/{disputed.pk}/decide"
    assert caseworker.post(address, {"digest": disputed.digest}).status_code == 403
    assert state_of(case) == before


def test_other_teams_see_nothing_of_it(
    stranger: StaffBrowser, disputed: Quarantine, case: Case, state_of: StateOf
) -> None:
    before = state_of(case)
    assert "Nothing is in quarantine" in stranger.get("/desk/disputes/").content.decode()
    for response in (
        stranger.get(f"/desk/disputes/{disputed.pk}/"),
        stranger.post(f"/desk/disputes/{disputed.pk}/propose", {"outcome": "restored", "digest": "0" * 64}),
        stranger.post(f"/desk/disputes/{disputed.pk}/decide", {"digest": "0" * 64}),
        stranger.get(f"/desk/disputes/{uuid4()}/"),
    ):
        assert response.status_code == 404
    assert state_of(case) == before


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_works_without_cases_is_refused(role: Role, disputed: Quarantine) -> None:
    assert browser_of(make_staff(role)).get("/desk/disputes/").status_code == 403


def test_a_form_without_an_outcome_says_so(caseworker: StaffBrowser, disputed: Quarantine) -> None:
    digest = digest_in(page_of(caseworker, disputed))
    page = caseworker.post(f"/desk/disputes/{disputed.pk}/propose", {"digest": digest}).content.decode()
    assert "Choose what should become of it." in page
    assert not AuditEntry.objects.filter(verb="entry.judged").exists()


def test_what_belongs_to_no_case_is_the_intake_teams(
    supervisor: StaffBrowser, stranger: StaffBrowser, teams: Teams
) -> None:
    desk = Desk(teams.own, make_staff(Role.CASEWORKER, [teams.own]), make_staff(Role.SUPERVISOR, [teams.own]))
    found = desk.quarantined(desk.listed())
    assert "Of no case" in supervisor.get("/desk/disputes/").content.decode()
    assert stranger.get(f"/desk/disputes/{found.pk}/").status_code == 404
    propose(supervisor, found, "restored")
