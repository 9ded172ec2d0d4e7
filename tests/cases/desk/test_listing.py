"""Propose, see exactly that, approve it by somebody else; or not."""

from __future__ import annotations

import pytest

from cases.models import Case, Consent
from cases.states import Decision
from hashing.lists.models import Entry
from portal.accounts.roles import Role
from portal.core import clock
from tests.cases.desk.conftest import MakeCase, StateOf, Teams, verbs_about
from tests.factories import make_staff
from tests.hashing.regional_rows import make_regional
from tests.staff_fixtures import StaffBrowser, browser_of

CHOSEN = {"list_slug": "reviewed", "category": "extortion"}


def address(case: Case, tail: str) -> str:
    return f"/desk/cases/{case.reference}/files/1/{tail}"


def let_step_up_lapse(browser: StaffBrowser) -> None:
    session = browser.session
    session["stepped_up_at"] = clock.now().timestamp() - 301
    session.save()


def test_a_proposal_shows_what_would_be_listed(caseworker: StaffBrowser, case: Case) -> None:
    page = caseworker.get(address(case, "propose")).content.decode()
    assert "SHA-256" in page
    assert "1 variant, quality 100 of 100" in page
    assert 'value="reviewed"' in page
    assert "self-reported" not in page


def test_proposing(caseworker: StaffBrowser, case: Case) -> None:
    response = caseworker.post(address(case, "propose"), CHOSEN)
    assert response["Location"] == f"/desk/cases/{case.reference}/?done=proposed"
    entry = Entry.objects.get(picture_id=case.pictures.get().picture_id)
    assert (entry.state, entry.proposed_by) == ("proposed", caseworker.staff)
    assert entry.category == "extortion"
    assert case.pictures.get().decision == Decision.PROPOSED
    assert "picture.decided" in verbs_about(case)


@pytest.mark.parametrize("category", ["", "sandbox", "child", "nonsense"])
def test_the_category_is_chosen(
    category: str, caseworker: StaffBrowser, case: Case, state_of: StateOf
) -> None:
    before = state_of(case)
    fields = {"list_slug": "reviewed", "category": category}
    assert "govuk-error-summary" in caseworker.post(address(case, "propose"), fields).content.decode()
    assert state_of(case) == before


@pytest.mark.parametrize("slug", ["self-reported", "no-such-list", ""])
def test_a_list_that_is_not_offered_is_refused(
    slug: str, caseworker: StaffBrowser, case: Case, state_of: StateOf
) -> None:
    before = state_of(case)
    response = caseworker.post(address(case, "propose"), {"list_slug": slug, "category": "ncii"})
    assert response.status_code == 200
    assert "govuk-error-summary" in response.content.decode()
    assert state_of(case) == before


def test_proposing_asks_for_a_code_again(caseworker: StaffBrowser, case: Case, state_of: StateOf) -> None:
    let_step_up_lapse(caseworker)
    before = state_of(case)
    page = caseworker.post(address(case, "propose"), CHOSEN).content.decode()
    assert "one-time-code" in page
    assert '<input type="hidden" name="list_slug" value="reviewed">' in page
    assert state_of(case) == before


def test_without_consent_nothing_is_proposed(
    caseworker: StaffBrowser, make_case: MakeCase, state_of: StateOf
) -> None:
    case = make_case(consents=())
    before = state_of(case)
    assert caseworker.post(address(case, "propose"), CHOSEN).status_code >= 400
    assert state_of(case) == before


def test_somebody_else_approves_exactly_what_was_shown(
    supervisor: StaffBrowser, case: Case, entry: Entry
) -> None:
    page = supervisor.get(f"/desk/approvals/{entry.pk}/").content.decode()
    assert f'name="digest" value="{entry.digest}"' in page
    response = supervisor.post(f"/desk/approvals/{entry.pk}/approve", {"digest": entry.digest})
    assert response["Location"] == "/desk/approvals/?done=approved"
    entry.refresh_from_db()
    assert (entry.state, entry.decided_by) == ("approved", supervisor.staff)
    assert case.pictures.get().decision == Decision.LISTED


@pytest.mark.parametrize("digest", ["0" * 64, "", "x"])
def test_another_digest_approves_nothing(
    digest: str, supervisor: StaffBrowser, case: Case, entry: Entry, state_of: StateOf
) -> None:
    before = state_of(case)
    response = supervisor.post(f"/desk/approvals/{entry.pk}/approve", {"digest": digest})
    assert response.status_code == 409
    assert state_of(case) == before


def test_nobody_approves_their_own_proposal(teams: Teams, case: Case, state_of: StateOf) -> None:
    both = browser_of(make_staff(Role.SUPERVISOR, [teams.own]))
    both.post(address(case, "propose"), CHOSEN)
    entry = Entry.objects.get(picture_id=case.pictures.get().picture_id)
    page = both.get(f"/desk/approvals/{entry.pk}/").content.decode()
    assert "You proposed this, so somebody else must decide." in page
    assert "/approve" not in page
    before = state_of(case)
    response = both.post(f"/desk/approvals/{entry.pk}/approve", {"digest": entry.digest})
    assert response.status_code in {403, 409}
    assert state_of(case) == before


def test_approving_asks_for_a_code_again(
    supervisor: StaffBrowser, case: Case, entry: Entry, state_of: StateOf
) -> None:
    let_step_up_lapse(supervisor)
    before = state_of(case)
    response = supervisor.post(f"/desk/approvals/{entry.pk}/approve", {"digest": entry.digest})
    assert "one-time-code" in response.content.decode()
    assert state_of(case) == before


def test_sending_a_proposal_back(supervisor: StaffBrowser, case: Case, entry: Entry) -> None:
    response = supervisor.post(f"/desk/approvals/{entry.pk}/reject", {"reason": "not_enough"})
    assert response["Location"] == "/desk/approvals/?done=rejected"
    entry.refresh_from_db()
    assert (entry.state, entry.reason) == ("rejected", "not_enough")
    assert case.pictures.get().decision == Decision.UNDECIDED


def test_sending_back_needs_a_reason(
    supervisor: StaffBrowser, case: Case, entry: Entry, state_of: StateOf
) -> None:
    before = state_of(case)
    page = supervisor.post(f"/desk/approvals/{entry.pk}/reject", {"reason": ""}).content.decode()
    assert "Choose why it should not be listed." in page
    assert '<details class="govuk-details" open>' in page
    assert state_of(case) == before


def test_approvals_name_the_waiting_ones_and_whose_they_are(
    supervisor: StaffBrowser, stranger: StaffBrowser, entry: Entry
) -> None:
    assert [p.entry for p in supervisor.get("/desk/approvals/").context["proposals"]] == [entry]
    assert stranger.get("/desk/approvals/").context["proposals"] == []


def test_not_for_a_list_asks_once_and_destroys(caseworker: StaffBrowser, case: Case) -> None:
    page = caseworker.get(address(case, "not-listed")).content.decode()
    assert "the picture is destroyed at once" in page
    assert case.pictures.get().decision == Decision.UNDECIDED
    response = caseworker.post(address(case, "not-listed"))
    assert response["Location"] == f"/desk/cases/{case.reference}/?done=not-listed"
    picture = case.pictures.get()
    assert picture.decision == Decision.NOT_LISTED
    assert picture.picture.shredded_at is not None


def test_taking_a_picture_off_asks_once(
    caseworker: StaffBrowser, supervisor: StaffBrowser, case: Case, entry: Entry
) -> None:
    supervisor.post(f"/desk/approvals/{entry.pk}/approve", {"digest": entry.digest})
    assert caseworker.get(address(case, "withdraw")).status_code == 200
    entry.refresh_from_db()
    assert entry.state == "approved"
    response = caseworker.post(address(case, "withdraw"))
    assert response["Location"] == f"/desk/cases/{case.reference}/?done=withdrawn"
    entry.refresh_from_db()
    assert entry.state == "withdrawn"
    assert "case.withdrawn" in verbs_about(case)


def test_regions_are_listed_with_the_persons_consent_alone(
    caseworker: StaffBrowser, supervisor: StaffBrowser, case: Case
) -> None:
    make_regional(case.pictures.get().picture)
    page = caseworker.get(address(case, "propose")).content.decode()
    assert "agree to it" in page
    Consent.objects.create(
        case=case, recipient="partners", kind="regional", wording_version="x", given_at=clock.now()
    )
    page = caseworker.get(address(case, "propose")).content.decode()
    assert "64 regions, strong: finds crops" in page
    caseworker.post(address(case, "propose"), CHOSEN)
    entry = Entry.objects.get()
    assert entry.regional
    page = supervisor.get(f"/desk/approvals/{entry.pk}/").content.decode()
    assert "64 regions, strong: finds crops" in page
    Entry.objects.update(regional=False)
    page = supervisor.get(f"/desk/approvals/{entry.pk}/").content.decode()
    assert "agree to it" in page
