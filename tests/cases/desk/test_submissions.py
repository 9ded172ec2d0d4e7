"""What partners submit, at the desk: linked to a case, proposed on its consents, or turned down."""

from __future__ import annotations

import pytest

from cases.models import Case
from cases.services import withdrawal
from cases.states import Decision
from hashing.lists import services
from hashing.lists.models import Entry, Submission
from hashing.lists.states import Wire
from hashing.lists.submitted import Submitted
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from tests.cases.desk.conftest import MakeCase, StateOf
from tests.factories import make_staff
from tests.hashing.listing import make_partner, pdq_value
from tests.staff_fixtures import StaffBrowser, browser_of

CHOSEN = {"list_slug": "reviewed", "category": "synthetic"}


def submit(value: str | None = None) -> Submission:
    partner = make_partner(f"Platform {Submission.objects.count()}")
    made = services.submit(
        Context.partner(partner.pk),
        partner=partner,
        wire=Wire.NATIVE,
        fingerprints=[Submitted("pdq", value or pdq_value(), "original", 88, "pdq")],
    )
    made.refresh_from_db()
    return made


@pytest.fixture
def linked(case: Case) -> Submission:
    """One with the very fingerprint of the case's picture."""
    return submit(case.pictures.get().picture.fingerprints.get(kind="pdq").value)


def address(found: Submission, tail: str = "") -> str:
    return f"/desk/submissions/{found.pk}/{tail}"


def test_the_page_says_of_what_it_is_a_copy(caseworker: StaffBrowser, linked: Submission, case: Case) -> None:
    assert "A copy of" in caseworker.get("/desk/submissions/").content.decode()
    page = caseworker.get(address(linked)).content.decode()
    assert f"/desk/cases/{case.reference}/" in page
    assert "0 bits differ" in page
    assert "quality 88 of 100" in page


def test_proposed_and_approved_it_is_an_entry_of_its_own(
    caseworker: StaffBrowser, supervisor: StaffBrowser, linked: Submission, case: Case
) -> None:
    response = caseworker.post(address(linked, "propose"), CHOSEN)
    assert response["Location"] == "/desk/submissions/?done=proposed"
    entry = Entry.objects.get()
    assert (entry.submission_id, entry.category, entry.state) == (linked.pk, "synthetic", "proposed")
    page = supervisor.get(f"/desk/approvals/{entry.pk}/").content.decode()
    assert "Platform 0" in page
    response = supervisor.post(f"/desk/approvals/{entry.pk}/approve", {"digest": entry.digest})
    assert response["Location"] == "/desk/approvals/?done=approved"
    entry.refresh_from_db()
    assert (entry.state, entry.decided_by) == ("approved", supervisor.staff)
    # The person's own file is another matter: it waits for its own review, and isn't destroyed.
    row = case.pictures.get()
    assert (row.decision, row.picture.state) == (Decision.UNDECIDED, "checked")


def test_rejected_it_waits_again(
    caseworker: StaffBrowser, supervisor: StaffBrowser, linked: Submission, case: Case
) -> None:
    caseworker.post(address(linked, "propose"), CHOSEN)
    entry = Entry.objects.get()
    supervisor.post(f"/desk/approvals/{entry.pk}/reject", {"reason": "not_enough"})
    linked.refresh_from_db()
    assert (linked.state, case.pictures.get().decision) == ("waiting", Decision.UNDECIDED)


def test_unlinked_it_can_only_be_linked_or_refused(
    caseworker: StaffBrowser, case: Case, state_of: StateOf
) -> None:
    found = submit()
    page = caseworker.get(address(found)).content.decode()
    assert "Nobody's consent can list it" in page.replace("&#x27;", "'")
    assert address(found, "propose") not in page
    before = state_of(case)
    assert caseworker.post(address(found, "propose"), CHOSEN).status_code == 404
    assert state_of(case) == before
    fields = {"reference": case.reference, "position": 1}
    response = caseworker.post(address(found, "link"), fields)
    assert response["Location"] == f"{address(found)}?done=linked"
    found.refresh_from_db()
    assert found.picture_id == case.pictures.get().picture_id
    assert AuditEntry.objects.get(verb="submission.linked").actor_id == str(caseworker.staff.pk)


@pytest.mark.parametrize("fields", [{"reference": "NOSUCHRF", "position": 1}, {"position": 9}, {}])
def test_no_such_file_is_a_sentence(fields: dict[str, object], caseworker: StaffBrowser, case: Case) -> None:
    found = submit()
    if "position" in fields and "reference" not in fields:
        fields = fields | {"reference": case.reference}
    page = caseworker.post(address(found, "link"), fields)
    assert page.status_code == 200
    assert "govuk-error-summary" in page.content.decode()
    found.refresh_from_db()
    assert found.picture_id is None


def test_without_consent_or_with_sharing_stopped_it_is_not_proposed(
    caseworker: StaffBrowser, make_case: MakeCase
) -> None:
    closed, stopped = make_case(consents=()), make_case()
    withdrawal.withdraw(
        Context.person(stopped.pk), case_id=stopped.pk, scope=withdrawal.Scope.PICTURE, position=1
    )
    for case in (closed, stopped):
        found = submit(case.pictures.get().picture.fingerprints.get(kind="pdq").value)
        page = caseworker.post(address(found, "propose"), CHOSEN).content.decode()
        assert "govuk-error-summary" in page
    assert not Entry.objects.exists()


def test_refused_its_fingerprints_go(caseworker: StaffBrowser, linked: Submission) -> None:
    page = caseworker.post(address(linked, "refuse"), {}).content.decode()
    assert "Choose why it should not be listed." in page
    caseworker.post(address(linked, "refuse"), {"reason": "not_enough"})
    linked.refresh_from_db()
    assert (linked.state, linked.fingerprints.count()) == ("refused", 0)
    assert "Nothing is waiting" in caseworker.get("/desk/submissions/").content.decode()


def test_other_teams_see_none_and_change_nothing(
    stranger: StaffBrowser, linked: Submission, case: Case, state_of: StateOf
) -> None:
    unlinked, before = submit(), state_of(case)
    assert "Nothing is waiting" in stranger.get("/desk/submissions/").content.decode()
    for found in (linked, unlinked):
        for response in (
            stranger.get(address(found)),
            stranger.post(address(found, "propose"), CHOSEN),
            stranger.post(address(found, "link"), {"reference": case.reference, "position": 1}),
            stranger.post(address(found, "refuse"), {"reason": "mistake"}),
        ):
            assert response.status_code == 404
    assert state_of(case) == before
    assert set(Submission.objects.values_list("state", flat=True)) == {"waiting"}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_are_refused(role: Role, linked: Submission) -> None:
    browser = browser_of(make_staff(role))
    assert browser.get("/desk/submissions/").status_code == 403
    assert browser.post(address(linked, "refuse"), {"reason": "mistake"}).status_code == 403
