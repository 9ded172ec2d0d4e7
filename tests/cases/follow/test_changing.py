"""The pages on which people write, add and change: what each button does, and what it says."""

from __future__ import annotations

import re
from datetime import timedelta
from unittest import mock

import pytest

from cases.models import Case, CaseMessage, Regain
from cases.services import messaging
from portal.accounts.roles import Role
from tests.cases.intake.test_files import file
from tests.cases.visitors import EMAIL, Visitor, last_code
from tests.factories import ctx_of, make_staff
from tests.photos import encoded, photo
from tests.staff_fixtures import browser_of


@pytest.fixture
def following(visitor: Visitor) -> tuple[Visitor, str, str]:
    visitor.begin()
    visitor.tell(contact="email", email=EMAIL, may_regain="on")
    visitor.step("code", code=last_code())
    visitor.step("files")
    reference, code = visitor.finish(consents=("partners", "police"))
    visitor.step("receipt", saved="on")
    visitor.follow(reference, code)
    return visitor, reference, code


def page(visitor: Visitor) -> str:
    return visitor.get("/follow/").content.decode()


def test_messages_both_ways(following: tuple[Visitor, str, str]) -> None:
    visitor, _reference, _code = following
    case = Case.objects.get()
    worker = make_staff(Role.CASEWORKER, [case.team])
    assert visitor.press("send_message", body=" ").status_code == 422
    assert visitor.press("send_message", body="Is there <b>news</b>?").status_code == 303
    assert "Is there &lt;b&gt;news&lt;/b&gt;?" in page(visitor)
    messaging.answer(ctx_of(worker), case_id=case.pk, body="Soon")
    visitor.press("status")
    assert "You have 1 new message." in page(visitor)
    visitor.press("messages")
    shown = page(visitor)
    assert "Soon" in shown
    assert worker.name not in shown
    visitor.press("status")
    assert "new message" not in page(visitor)
    visitor.get("/follow/")
    assert CaseMessage.objects.filter(seen_at=None).count() == 0


def test_looking_changes_nothing(following: tuple[Visitor, str, str]) -> None:
    """A GET of the page of messages marks none as seen."""
    visitor, _reference, _code = following
    case = Case.objects.get()
    visitor.press("messages")
    messaging.answer(ctx_of(make_staff(Role.CASEWORKER, [case.team])), case_id=case.pk, body="Soon")
    visitor.get("/follow/")
    assert CaseMessage.objects.get().seen_at is None


def test_the_choice_at_intake_is_kept_and_can_be_changed(following: tuple[Visitor, str, str]) -> None:
    visitor, _reference, _code = following
    assert Case.objects.get().may_regain
    visitor.press("contact")
    assert re.search(r'<input[^>]*name="may_regain"[^>]*checked', page(visitor))
    visitor.press("change_messages", leave="no", when="", language="ar")
    case = Case.objects.get()
    assert (case.may_regain, case.language) == (False, "ar")
    assert "Saved." in page(visitor)


def test_consents_are_shown_as_they_are(following: tuple[Visitor, str, str]) -> None:
    visitor, _reference, _code = following
    visitor.press("consents")
    assert page(visitor).count("checked") == 2
    visitor.press("change_consents", police="on")
    in_force = Case.objects.get().consents.filter(withdrawn_at=None)
    assert list(in_force.values_list("recipient", flat=True)) == ["police"]


def test_a_file_on_a_page_that_takes_none_is_refused(following: tuple[Visitor, str, str]) -> None:
    visitor, _reference, _code = following
    Case.objects.update(age_route="unsure")
    answer = visitor.press("add_files", upload=[file(encoded(photo("cat")))])
    assert (answer.status_code, Case.objects.get().pictures.count()) == (400, 0)
    assert 'name="upload"' not in page(visitor)


def ask_for_a_new_code(reference: str) -> str:
    """Somebody at another device, who can read the contact: the new code as its page shows it."""
    somebody = Visitor()
    somebody.press("lost")
    with mock.patch("portal.verify.services.BETWEEN_SENDS", timedelta(0)):
        somebody.press("lost_ask", reference=reference, contact=EMAIL)
    assert "It should arrive at" in page(somebody)
    assert somebody.press("lost_confirm", code="000").status_code == 422
    somebody.press("lost_confirm", code=last_code())
    found = re.search(r'dir="ltr">([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</bdi>', page(somebody))
    assert found is not None
    return found[1]


def test_a_lost_code_from_the_page_to_the_desk_and_back(following: tuple[Visitor, str, str]) -> None:
    visitor, reference, old = following
    new = ask_for_a_new_code(reference)
    assert "Somebody who can read your contact asked for a new code" in page(visitor)
    assert visitor.follow(reference, new).status_code == 422
    case = Case.objects.get()
    desk = browser_of(make_staff(Role.CASEWORKER, [case.team]))
    address = f"/desk/cases/{case.reference}/"
    assert "has lost the code and asks for a new one" in desk.get(address).content.decode()
    answer = desk.post(f"{address}new-code", {"agree": "yes"})
    assert answer.status_code == 302
    assert [visitor.follow(reference, code).status_code for code in (old, new)] == [422, 303]
    assert "has lost the code" not in desk.get(address).content.decode()


def test_whoever_still_has_the_code_stops_it(following: tuple[Visitor, str, str]) -> None:
    visitor, reference, old = following
    new = ask_for_a_new_code(reference)
    visitor.press("stop_regain")
    assert "No new code is given." in page(visitor)
    assert Regain.objects.get().state == "refused"
    case = Case.objects.get()
    desk = browser_of(make_staff(Role.CASEWORKER, [case.team]))
    assert desk.post(f"/desk/cases/{case.reference}/new-code", {"agree": "yes"}).status_code == 404
    assert [visitor.follow(reference, code).status_code for code in (new, old)] == [422, 303]
