"""What each question does with its answer, and with none."""

from __future__ import annotations

import pytest

from cases.models import Case, Consent, KnownTo, Relation
from cases.services import desk_keys
from cases.services.details import Details
from cases.services.safety import Safety
from cases.wording import WORDING_VERSION
from portal.accounts.roles import Role
from portal.agency import selectors as agency_selectors
from portal.agency.models import Agency
from portal.audit.models import Entry
from tests.cases.visitors import EMAIL, STORY, Visitor, mails
from tests.factories import ctx_of, make_staff


def page(visitor: Visitor) -> str:
    return visitor.get("/").content.decode()


def sent(visitor: Visitor) -> Case:
    """The case that a visitor's request became, from the links on."""
    visitor.finish()
    return Case.objects.get()


def test_a_page_that_is_none_is_not_gone_to(visitor: Visitor) -> None:
    visitor.begin()
    visitor.step("happened", "change:" + "x" * 100_000)
    assert visitor.draft.step == "happened"


def test_in_danger_they_see_whom_to_call_and_the_desk_is_told(visitor: Visitor) -> None:
    Agency.objects.update(emergency_phone="112")
    agency_selectors.forget()
    visitor.step("start")
    visitor.step("leaving")
    visitor.step("danger", danger="yes")
    assert visitor.draft.step == "urgent"
    assert 'href="tel:112"' in page(visitor)
    assert "1800 55 1800" in page(visitor)
    visitor.step("urgent")
    visitor.step("about", about="me")
    visitor.step("age", age="adult")
    visitor.tell()
    visitor.step("files")
    assert sent(visitor).in_danger


@pytest.mark.parametrize(("go", "answers"), [("on", {"danger": "no"}), ("rather_not", {})])
def test_otherwise_nobody_is_called_in_danger(visitor: Visitor, go: str, answers: dict[str, str]) -> None:
    visitor.step("start")
    visitor.step("leaving")
    visitor.step("danger", go, **answers)
    assert (visitor.draft.step, visitor.draft.danger) == ("about", answers.get("danger", ""))


def test_rather_not_say_empties_what_was_said(visitor: Visitor) -> None:
    visitor.begin()
    visitor.step("happened", circumstances=["shared", "money"])
    visitor.step("advice", "back")
    visitor.step("happened", "rather_not", circumstances=["faked"])
    visitor.step("story", story=STORY)
    visitor.step("contact", "back")
    visitor.step("story", "rather_not", story="something else")
    assert (visitor.draft.circumstances, visitor.draft.story) == ([], "")


@pytest.mark.parametrize("step", ["about", "age"])
def test_a_question_that_we_need_can_not_be_skipped(visitor: Visitor, step: str) -> None:
    visitor.begin()
    visitor.step("happened", "change:" + step)
    before = visitor.draft
    assert visitor.step(step, "rather_not").status_code == 422
    assert visitor.draft.answered == before.answered


@pytest.mark.parametrize(("about", "words"), [("authorised", "somebody else"), ("child", "your child")])
def test_who_writes_for_another_says_that_they_may(visitor: Visitor, about: str, words: str) -> None:
    visitor.begin(about=about)
    visitor.step("happened", "change:authority")
    assert words in page(visitor)
    assert visitor.step("authority").status_code == 422
    visitor.step("authority", authority="on")
    visitor.tell()
    visitor.step("files")
    case = sent(visitor)
    given = Consent.objects.get(case=case)
    assert (given.recipient, given.kind, given.wording_version) == ("agency", "authority", WORDING_VERSION)
    entry = Entry.objects.get(verb="case.consented")
    assert entry.payload == {"recipient": "agency", "kind": "authority", "wording": WORDING_VERSION}


def test_who_writes_for_themselves_after_all_says_nothing_of_the_kind(visitor: Visitor) -> None:
    visitor.begin(about="child")
    visitor.step("happened", "change:about")
    visitor.step("about", about="me")
    assert visitor.draft.step == "happened"
    visitor.tell()
    visitor.step("files")
    sent(visitor)
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("circumstance", "step"),
    [("threatened", "advice"), ("money", "advice"), ("shared", "story"), ("faked", "story")],
)
def test_advice_for_those_under_pressure(visitor: Visitor, circumstance: str, step: str) -> None:
    visitor.begin()
    visitor.step("happened", circumstances=[circumstance])
    assert visitor.draft.step == step
    assert ("send nothing more" in page(visitor)) == (step == "advice")


def test_who_did_it_is_sealed_and_read_at_the_desk(visitor: Visitor, agency: Agency) -> None:
    visitor.begin()
    visitor.tell()
    visitor.step("files")
    visitor.step("links")
    visitor.step("more", who="partner", known_to=["police", "somebody"])
    visitor.step("consents")
    visitor.step("check")
    case = Case.objects.get()
    assert b"partner" not in bytes(case.details_sealed or b"")
    worker = make_staff(Role.CASEWORKER, [agency.intake_team])
    told = desk_keys.read_story(ctx_of(worker), case_id=case.pk)
    assert told.details == Details(Relation.PARTNER, (KnownTo.POLICE, KnownTo.SOMEBODY))
    assert Entry.objects.get(verb="case.read").payload == {"part": "story"}


def test_nothing_said_is_nothing_kept(visitor: Visitor) -> None:
    visitor.report()
    case = Case.objects.get()
    assert (case.details_sealed, case.safety_sealed, case.in_danger) == (None, None, False)
    assert Details.read("") == Details()


@pytest.mark.parametrize(
    ("reach", "contact", "leave", "messages"),
    [
        ("email", {"email": EMAIL}, "yes", 1),
        ("email", {"email": EMAIL}, "no", 0),
        ("sms", {"phone": "0412 345 678"}, "yes", 1),
        ("call", {"phone": "0412 345 678"}, "yes", 0),
    ],
)
def test_nothing_is_sent_where_it_is_not_said_to_be_safe(
    visitor: Visitor, reach: str, contact: dict[str, str], leave: str, messages: int
) -> None:
    visitor.begin()
    visitor.tell(contact=reach, safe_to_leave=leave, **contact)
    assert visitor.draft.step == "code"
    assert (visitor.draft.challenge != "") == bool(messages)
    assert ("We have sent nothing to" in page(visitor)) == (not messages)
    visitor.step("code", "again")
    assert visitor.draft.challenge != ""


def test_whether_a_message_is_safe_must_be_said(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tell(contact="email", email=EMAIL, safe_to_leave="")
    assert (visitor.draft.step, visitor.draft.challenge) == ("safe", "")
    assert mails() == []


def test_a_call_is_told_what_to_say(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tell(contact="call", phone="0412 345 678", safe_to_leave="no", safe_say="A delivery")
    assert visitor.draft.safety == Safety("no", "", call=True, say="A delivery")
    assert not visitor.draft.safety.may_write


def test_another_way_to_be_reached_asks_for_another_contact(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tell(contact="email", email=EMAIL)
    visitor.step("code", "skip")
    visitor.step("files", "change:contact")
    visitor.step("contact", reach="sms")
    draft = visitor.draft
    assert (draft.step, draft.channel, draft.contact, draft.challenge) == ("safe", "sms", "", "")
    visitor.step("safe", "back")
    visitor.step("contact", reach="none")
    assert visitor.draft.step == "files"
    assert visitor.draft.safety == Safety()


def test_an_answer_of_the_first_version_is_still_read() -> None:
    assert Safety.read("yes\nMondays") == Safety("yes", "Mondays")
    assert Safety.read("\nyes") == Safety("", "yes")
    assert Safety.read("") == Safety()


def test_the_note_says_nothing_but_the_two_codes(visitor: Visitor) -> None:
    reference, code = visitor.report()
    before = Entry.objects.count()
    answer = visitor.step("receipt", "note")
    assert answer["Content-Disposition"] == 'attachment; filename="note.txt"'
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == f"{reference}\n{code}\n"
    assert reference in page(visitor)
    assert Entry.objects.count() == before


def test_the_receipt_stays_until_it_is_saved(visitor: Visitor) -> None:
    visitor.report()
    for step, go in [("check", "on"), ("start", "on"), ("receipt", "back"), ("receipt", "change:story")]:
        visitor.step(step, go)
        assert "I have saved the reference and the code" in page(visitor)
    assert "Leave this empty" not in page(visitor)
