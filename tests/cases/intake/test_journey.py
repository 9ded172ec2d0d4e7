"""From the first page to the receipt, as a browser without JavaScript does it."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Case, Consent, Location
from cases.services.safety import Safety
from cases.wording import WORDING_VERSION
from portal.audit.models import Entry
from tests.cases.visitors import EMAIL, LINK, STORY, Visitor, last_code, mails, receipt


def test_every_page_in_order(visitor: Visitor) -> None:
    pages = []
    answered: list[tuple[str, dict[str, Any]]] = [
        ("start", {}),
        ("leaving", {}),
        ("danger", {"danger": "yes"}),
        ("urgent", {}),
        ("about", {"about": "authorised"}),
        ("authority", {"authority": "on"}),
        ("age", {"age": "adult"}),
        ("happened", {"circumstances": ["threatened"]}),
        ("advice", {}),
        ("story", {"story": STORY}),
        ("way", {"way": "send"}),
        ("contact", {"reach": "email"}),
        ("safe", {"contact": EMAIL, "safe_to_leave": "yes"}),
        ("code", {"go": "skip"}),
        ("files", {}),
        ("links", {"links": LINK}),
        ("more", {"who": "partner", "known_to": ["police"]}),
        ("consents", {"police": "on"}),
    ]
    for step, answers in answered:
        answer = visitor.step(step, **answers)
        assert (answer.status_code, answer["Location"]) == (303, "/")
        pages.append(visitor.draft.step)
    assert pages == [
        "leaving", "danger", "urgent", "about", "authority", "age", "happened", "advice", "story", "way",
        "contact", "safe", "code", "files", "links", "more", "consents", "check",
    ]  # fmt: skip
    answer = visitor.step("check")
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert b"We have your request" in visitor.get("/").content


def test_a_report_becomes_a_case_with_everything_in_it(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tell(contact="email", email="Some.One@POST.example", safe_to_leave="no", safe_when="Mondays")
    assert mails() == []
    visitor.step("code", "again")
    visitor.step("code", code=last_code())
    visitor.step("files")
    reference, _code = visitor.finish(consents=("police", "statistics"))
    case = Case.objects.get(reference=reference.replace("-", ""))
    assert (case.state, case.about, case.age_route, case.contact_kind) == ("verified", "me", "adult", "email")
    assert case.circumstances == ["shared"]
    assert case.contact_verified_at is not None
    assert [(row.host, row.position) for row in Location.objects.all()] == [("video.example", 1)]
    assert sorted(Consent.objects.values_list("recipient", "kind", "wording_version")) == [
        ("agency", "statistics", WORDING_VERSION),
        ("police", "case_file", WORDING_VERSION),
    ]
    about_case = Entry.objects.filter(subject_type="case", subject_id=str(case.id))
    assert sorted(about_case.values_list("verb", flat=True)) == [
        "case.consented", "case.consented", "case.contact_verified", "case.opened",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("leave", "when", "told"),
    [
        ("yes", "", Safety("yes")),
        ("no", "yes", Safety("no", "yes")),
        ("no", '{"leave": "yes"}', Safety("no", '{"leave": "yes"}')),
    ],
)
def test_only_the_answer_to_the_question_says_that_a_message_is_safe(
    visitor: Visitor, leave: str, when: str, told: Safety
) -> None:
    visitor.begin()
    visitor.tell(contact="email", email=EMAIL, safe_to_leave=leave, safe_when=when)
    report = visitor.draft.report(binding="", picture_ids=(), language="en")
    assert Safety.read(report.safety) == told
    assert Safety.read(report.safety).may_write == (leave == "yes")


def test_nothing_is_ticked_beforehand(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tell()
    visitor.step("files")
    visitor.step("links")
    visitor.step("more")
    page = visitor.get("/").content.decode()
    assert page.count('type="checkbox"') == 6
    assert "checked" not in page


def test_a_second_send_shows_the_same_receipt(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tell()
    visitor.step("files")
    reference, code = visitor.finish()
    answer = visitor.step("check")
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert Case.objects.count() == 1
    assert receipt(visitor.get("/")) == (reference, code)


def test_the_receipt_is_gone_once_it_is_saved(visitor: Visitor) -> None:
    visitor.report()
    assert visitor.step("receipt").status_code == 422
    answer = visitor.step("receipt", saved="on")
    assert (answer.status_code, answer["Location"]) == (303, "/follow/")
    assert b"Start" in visitor.get("/").content


@pytest.mark.parametrize("step", ["files", "check", "receipt", "code", "nonsense"])
def test_a_page_ahead_of_its_turn_changes_nothing(visitor: Visitor, step: str) -> None:
    visitor.begin()
    before = visitor.draft
    answer = visitor.step(step, saved="on", code="123456")
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert visitor.draft == before
    assert Case.objects.count() == 0


def test_back_and_change_keep_what_was_said(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tell()
    visitor.step("files", "back")
    assert visitor.draft.step == "contact"
    visitor.step("contact", reach="none")
    visitor.step("files")
    visitor.step("links", links=LINK)
    visitor.step("more")
    visitor.step("consents")
    visitor.step("check", "change:story")
    assert STORY in visitor.get("/").content.decode()
    visitor.step("story", story="Changed")
    assert (visitor.draft.step, visitor.draft.story) == ("check", "Changed")


def test_start_over_forgets(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tell()
    answer = visitor.step("files", "over")
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert visitor.cookies["visit"].value == ""
    assert visitor.step("files").status_code == 410


def test_an_empty_answer_says_what_to_do(visitor: Visitor) -> None:
    visitor.step("start")
    visitor.step("leaving")
    visitor.step("danger", "rather_not")
    answer = visitor.step("about")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.index("There is a problem") < page.index("<h1")
    assert 'href="#id_about_0"' in page
    assert page.count("<h1") == 1


def test_the_trap_stops_programs_that_fill_in_everything(visitor: Visitor) -> None:
    visitor.step("start", website="https://spam.example")
    assert "visit" not in visitor.cookies
    visitor.begin()
    visitor.tell()
    visitor.step("files")
    visitor.step("links")
    visitor.step("more")
    visitor.step("consents")
    assert visitor.step("check", website="https://spam.example").status_code == 422
    assert Case.objects.count() == 0


def test_a_story_that_is_too_long_is_refused_in_words_and_not_cut(visitor: Visitor) -> None:
    visitor.begin()
    visitor.step("happened")
    answer = visitor.step("story", story="x" * 10_001)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Shorten it to 10,000 letters" in page
    assert "x" * 10_001 in page
    assert "maxlength" not in page
