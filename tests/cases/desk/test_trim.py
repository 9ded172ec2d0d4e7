"""The page on which a caseworker says which part of a file is the picture, without any script."""

from __future__ import annotations

import pytest

from cases.models import Case
from cases.states import Decision
from hashing.enrolment.models import Enrolment, State, Trim
from hashing.fingerprints.boxes import Rectangle
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.vault.models import Picture
from tests.cases.desk.conftest import StateOf
from tests.staff_fixtures import StaffBrowser


@pytest.fixture
def trimmed(case: Case) -> Case:
    """A case whose picture the computer would trim."""
    pk = case.pictures.values_list("picture_id", flat=True).get()
    Picture.objects.filter(pk=pk).update(width=400, height=1000)
    box = {"left": 40, "top": 100, "right": 360, "bottom": 900}
    proposed = {f"proposed_{name}": value for name, value in box.items()}
    Enrolment.objects.filter(pk=pk).update(trim=Trim.PROPOSED, **box, **proposed)
    return case


def address(case: Case) -> str:
    return f"/desk/cases/{case.reference}/files/1/trim"


def enrolment(case: Case) -> Enrolment:
    return Enrolment.objects.get(pk=case.pictures.values_list("picture_id", flat=True).get())


def test_the_case_says_and_shows_what_is_trimmed(caseworker: StaffBrowser, trimmed: Case) -> None:
    page = caseworker.get(f"/desk/cases/{trimmed.reference}/").content.decode()
    assert "The computer took the outlined part for the picture." in page
    assert "Check what is trimmed" in page
    proposal = caseworker.get(f"/desk/cases/{trimmed.reference}/files/1/propose").content.decode()
    assert 'name="list_slug"' not in proposal
    assert "is not confirmed yet" in proposal


def test_the_page_draws_the_proposal(caseworker: StaffBrowser, trimmed: Case) -> None:
    page = caseworker.get(address(trimmed)).content.decode()
    assert 'viewBox="0 0 400 1000"' in page
    assert 'x="40" y="100" width="320" height="800"' in page
    assert 'name="left" value="10.0"' in page
    assert "style=" not in page.partition("<main")[2]
    assert "checked" not in page


def test_accepting(caseworker: StaffBrowser, trimmed: Case) -> None:
    response = caseworker.post(address(trimmed), {"choice": "proposal"})
    assert (response.status_code, response["Location"]) == (
        302,
        f"/desk/cases/{trimmed.reference}/?done=trimmed",
    )
    found = enrolment(trimmed)
    assert (found.trim, found.state, found.box) == (Trim.ACCEPTED, State.DONE, (40, 100, 360, 900))
    assert AuditEntry.objects.get(verb="picture.trimmed").payload["choice"] == "accepted"
    page = caseworker.get(f"/desk/cases/{trimmed.reference}/files/1/propose").content.decode()
    assert 'name="list_slug"' in page


def test_taking_all_of_it(caseworker: StaffBrowser, trimmed: Case) -> None:
    assert caseworker.post(address(trimmed), {"choice": "whole"}).status_code == 302
    found = enrolment(trimmed)
    assert (found.trim, found.state, found.box) == (Trim.WHOLE, State.OWED, None)


def test_drawing_shows_the_part_and_changes_nothing(
    caseworker: StaffBrowser, trimmed: Case, state_of: StateOf
) -> None:
    before = state_of(trimmed)
    fields = {"choice": "other", "left": "5", "top": "20.5", "right": "0", "bottom": "10", "draw": "1"}
    page = caseworker.post(address(trimmed), fields)
    assert page.status_code == 200
    assert 'x="20" y="205" width="380" height="695"' in page.content.decode()
    assert "govuk-error-summary" not in page.content.decode()
    assert state_of(trimmed) == before


def test_another_part(caseworker: StaffBrowser, trimmed: Case) -> None:
    fields = {"choice": "other", "left": "5", "top": "20.5", "right": "0", "bottom": "10"}
    assert caseworker.post(address(trimmed), fields).status_code == 302
    found = enrolment(trimmed)
    assert (found.trim, found.box) == (Trim.ADJUSTED, Rectangle(20, 205, 400, 900))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose what shall be fingerprinted."),
        ({"choice": "other", "left": "60", "right": "60"}, "large enough to recognise"),
        ({"choice": "other", "left": "-1"}, "greater than or equal to 0"),
        ({"choice": "other", "left": "half"}, "Enter a number"),
        ({"choice": "everything"}, "valid choice"),
    ],
)
def test_what_makes_no_sense_is_said(
    caseworker: StaffBrowser, trimmed: Case, state_of: StateOf, fields: dict[str, str], words: str
) -> None:
    before = state_of(trimmed)
    page = caseworker.post(address(trimmed), {"sent": "1", **fields})
    assert words in page.content.decode()
    assert state_of(trimmed) == before


def test_after_the_decision_it_stays(caseworker: StaffBrowser, trimmed: Case, state_of: StateOf) -> None:
    trimmed.pictures.update(decision=Decision.NOT_LISTED, decided_at=clock.now())
    before = state_of(trimmed)
    response = caseworker.post(address(trimmed), {"choice": "whole"})
    assert response.status_code == 409
    assert state_of(trimmed) == before


def test_a_locked_case_has_no_such_page(caseworker: StaffBrowser, trimmed: Case, state_of: StateOf) -> None:
    Case.objects.filter(pk=trimmed.pk).update(child_suspected_at=clock.now())
    before = state_of(trimmed)
    assert caseworker.get(address(trimmed)).status_code == 404
    assert caseworker.post(address(trimmed), {"choice": "whole"}).status_code == 404
    assert state_of(trimmed) == before


def test_trying_again(caseworker: StaffBrowser, case: Case) -> None:
    Enrolment.objects.update(state=State.FAILED, attempts=3)
    page = caseworker.get(f"/desk/cases/{case.reference}/").content.decode()
    assert "Fingerprint it again" in page
    response = caseworker.post(f"/desk/cases/{case.reference}/files/1/again")
    assert response.status_code == 302
    assert enrolment(case).state == State.OWED
    assert AuditEntry.objects.filter(verb="fingerprint.retried").count() == 1
