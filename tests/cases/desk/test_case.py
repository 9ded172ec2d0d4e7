"""One case's page: what it shows, what it never shows, and that reading is recorded."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.desk import words
from cases.models import Case, CasePicture
from cases.states import CaseState
from hashing import devices
from hashing.fingerprints import claims
from portal.audit import Verb
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.core.context import Context
from tests.cases.desk.conftest import CONTACT, MakeCase, verbs_about
from tests.devices import claim_of
from tests.hashing.enrolment.made import enrolled
from tests.hashing.test_devices import small
from tests.photos import encoded
from tests.staff_fixtures import StaffBrowser


def page_of(browser: StaffBrowser, case: Case, tail: str = "") -> str:
    response = browser.get(f"/desk/cases/{case.reference}/{tail}")
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_the_report_and_records_that_it_was_read(caseworker: StaffBrowser, case: Case) -> None:
    page = page_of(caseworker, case)
    assert "canary-story: it was posted by &lt;someone&gt; I know" in page
    assert "It has been shared or posted" in page
    assert "Partner platforms: Fingerprints on the shared list" in page
    read = AuditEntry.objects.get(verb="case.read", subject_id=str(case.pk))
    assert read.actor_id == str(caseworker.staff.pk)


def test_addresses_can_not_be_followed_by_mistake(caseworker: StaffBrowser, case: Case) -> None:
    page = page_of(caseworker, case)
    assert "hxxps://canary-site[.]example/p/1" in page
    assert "https://canary-site.example" not in page


def test_the_contact_is_on_a_page_of_its_own(caseworker: StaffBrowser, case: Case) -> None:
    assert CONTACT not in page_of(caseworker, case)
    assert "case.contact_read" not in verbs_about(case)
    page = page_of(caseworker, case, "contact")
    assert CONTACT in page
    assert "after six" in page
    assert verbs_about(case).count("case.contact_read") == 1


def test_somebody_without_a_contact(caseworker: StaffBrowser, make_case: MakeCase) -> None:
    case = make_case(contact=None, safety="", verified=False)
    assert "The person left no contact" in page_of(caseworker, case, "contact")


@pytest.mark.parametrize(
    ("safety", "words"),
    [
        ("yes\nafter six", ['<dd class="govuk-summary-list__value">Yes</dd>', "after six"]),
        ("no\nyes, at night", ["No: leave no message there", "yes, at night"]),
        ("\nyes", ["They did not say: leave no message there"]),
    ],
)
def test_the_contact_page_says_whether_a_message_is_safe(
    caseworker: StaffBrowser, make_case: MakeCase, safety: str, words: list[str]
) -> None:
    page = page_of(caseworker, make_case(safety=safety), "contact")
    assert [word for word in words if word not in page] == []


def test_what_the_person_stopped_sharing_is_said_and_not_offered(
    caseworker: StaffBrowser, case: Case
) -> None:
    assert "/propose" in page_of(caseworker, case)
    CasePicture.objects.update(sharing_stopped_at=clock.now())
    page = page_of(caseworker, case)
    assert "The person stopped the sharing of this file." in page
    assert "/propose" not in page


def test_fingerprints_are_told_in_words(caseworker: StaffBrowser, make_case: MakeCase) -> None:
    good = page_of(caseworker, make_case(quality=88))
    assert "<strong>PDQ</strong>: 1 variant, quality 88 of 100: finds" in good
    poor = page_of(caseworker, make_case(quality=49))
    assert "quality 49 of 100: too plain, not listed" in poor


def test_a_locked_case_offers_nothing(caseworker: StaffBrowser, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(child_suspected_at=clock.now())
    page = page_of(caseworker, case)
    assert "A child may be affected" in page
    assert "Locked" in page
    for action in ("/view", "/propose", "/not-listed", "/preview", "/child"):
        assert f'{action}"' not in page


def test_a_case_costs_the_same_with_one_picture_and_with_ten(
    standing_clock: None, caseworker: StaffBrowser, make_case: MakeCase
) -> None:
    one, ten = make_case(pictures=1), make_case(pictures=10)
    with CaptureQueriesContext(connection) as of_one:
        page_of(caseworker, one)
    with CaptureQueriesContext(connection) as of_ten:
        page_of(caseworker, ten)
    assert len(of_ten) == len(of_one)


def test_taking_a_case(caseworker: StaffBrowser, case: Case) -> None:
    response = caseworker.post(f"/desk/cases/{case.reference}/assign")
    assert response.status_code == 302
    assert response["Location"] == f"/desk/cases/{case.reference}/?done=assigned"
    case.refresh_from_db()
    assert case.assignee == caseworker.staff
    assert verbs_about(case)[-1] == "case.assigned"
    assert "The case is yours now." in caseworker.get(response["Location"]).content.decode()


def test_a_caseworker_does_not_take_a_case_from_somebody(
    caseworker: StaffBrowser, supervisor: StaffBrowser, case: Case
) -> None:
    supervisor.post(f"/desk/cases/{case.reference}/assign")
    before = verbs_about(case)
    assert caseworker.post(f"/desk/cases/{case.reference}/assign").status_code == 403
    case.refresh_from_db()
    assert case.assignee == supervisor.staff
    assert verbs_about(case) == before


def test_moving_a_case(caseworker: StaffBrowser, case: Case) -> None:
    assert caseworker.post(f"/desk/cases/{case.reference}/move", {"to": "active"}).status_code == 302
    response = caseworker.post(f"/desk/cases/{case.reference}/move", {"to": "waiting:platform"})
    assert response["Location"].endswith("?done=moved")
    case.refresh_from_db()
    assert (case.state, case.waiting_for) == (CaseState.WAITING, "platform")
    assert verbs_about(case)[-2:] == ["case.moved", "case.moved"]


def test_a_step_that_does_not_exist_changes_nothing(caseworker: StaffBrowser, case: Case) -> None:
    before = verbs_about(case)
    for to in ("closed", "withdrawn", "waiting:", "waiting:nobody", ""):
        response = caseworker.post(f"/desk/cases/{case.reference}/move", {"to": to})
        assert response.status_code == 409
    case.refresh_from_db()
    assert case.state == CaseState.NEW
    assert verbs_about(case) == before


def test_a_picture_that_was_sent_and_fingerprinted_at_home_is_called_one(
    caseworker: StaffBrowser, case: Case
) -> None:
    """The sent one says which is its twin and the other way round; a third picture has none."""
    sent, other = enrolled(encoded(small())), enrolled(encoded(small("cat")))
    made = devices.register(Context.visitor(), claim=claims.read(json.dumps([claim_of(small())]), most=1)[0])
    last = case.pictures.count()
    for number, picture in enumerate((sent, other, made), start=last + 1):
        CasePicture.objects.create(case=case, picture=picture, position=number)
    cards = caseworker.get(f"/desk/cases/{case.reference}/").context["page"].pictures
    found = {card.row.row.position: card.twins for card in cards if card.twins}
    assert found == {last + 1: [last + 3], last + 3: [last + 1]}
    assert f"The same as picture {last + 1}: one was sent" in page_of(caseworker, case)


ABOUT_A_CASE = {"case", "location", "notice", "hold", "picture", "fingerprint", "entry", "feedback"}


def test_everything_that_happens_to_a_case_is_said_in_words() -> None:
    bare = {verb.value for verb in Verb if verb.value.partition(".")[0] in ABOUT_A_CASE} - words.VERBS.keys()
    assert bare == set()
