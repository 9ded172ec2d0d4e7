"""Files: taken by the vault, told apart, removed, and never taken where anyone may be a child."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from limits import RateLimitItemPerHour
from pytest_django import DjangoCaptureOnCommitCallbacks

from cases import limits
from cases.models import Case, CasePicture, VisitPicture
from hashing.services import fingerprint_picture
from portal.core.context import Context
from portal.vault.models import Picture
from tests.cases.visitors import Visitor
from tests.photos import encoded, entries_of, photo, refused


def file(data: bytes | None = None, name: str = "canary-name.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or encoded(photo()), content_type="image/jpeg")


def stored_files() -> set[Path]:
    return {path for path in Path(settings.VAULT_DIR).rglob("*") if path.is_file()}


def at_files(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tell()
    assert visitor.draft.step == "files"


def test_files_go_into_the_vault_and_then_into_the_case(visitor: Visitor) -> None:
    at_files(visitor)
    answer = visitor.step("files", "add", upload=[file(), file(encoded(photo("cat")))])
    assert answer.status_code == 303
    page = visitor.get("/").content.decode()
    assert re.findall(r"File \d", page) == ["File 1", "File 2"]
    assert page.count("Checking") >= 2
    assert "canary-name" not in page
    visitor.step("files")
    reference, _code = visitor.finish(consents=("partners", "evidence"))
    case = Case.objects.get(reference=reference.replace("-", ""))
    rows = list(CasePicture.objects.filter(case=case).order_by("position"))
    assert [(row.position, row.keep_as_evidence, row.decision) for row in rows] == [
        (1, True, "undecided"),
        (2, True, "undecided"),
    ]
    assert VisitPicture.objects.count() == 0


def test_a_checked_file_is_shown_as_ready(visitor: Visitor) -> None:
    at_files(visitor)
    visitor.step("files", "add", upload=[file()])
    fingerprint_picture(Context.system("test"), picture_id=Picture.objects.get().id)
    page = visitor.get("/").content.decode()
    assert "Ready" in page
    assert "Look again" not in page


def test_a_file_that_cannot_be_used_says_why_and_is_not_kept(visitor: Visitor) -> None:
    at_files(visitor)
    before = stored_files()
    visitor.step("files", "add", upload=[file(b"%PDF-1.7 canary"), file()])
    page = visitor.get("/").content.decode()
    assert "This is a PDF document." in page
    assert page.index("There is a problem") < page.index("<h1")
    assert Picture.objects.count() == 1
    assert len(stored_files() - before) == 1


def test_no_file_chosen(visitor: Visitor) -> None:
    at_files(visitor)
    visitor.step("files", "add")
    assert "Choose a file first" in visitor.get("/").content.decode()


def test_a_removed_file_is_shredded_at_once(
    visitor: Visitor, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    at_files(visitor)
    before = stored_files()
    visitor.step("files", "add", upload=[file()])
    with django_capture_on_commit_callbacks(execute=True):
        visitor.step("files", "remove:1")
    picture = Picture.objects.get()
    assert (picture.state, picture.wrapped_key, picture.shred_reason) == ("shredded", None, "removed")
    assert entries_of(picture.id) == ["picture.shredded", "picture.stored"]
    assert stored_files() == before
    assert VisitPicture.objects.count() == 0


@pytest.mark.parametrize("number", ["2", "0", "-1", "01", "\u0661", "", "\0", "9" * 5000])
def test_only_a_file_that_is_there_is_removed(visitor: Visitor, number: str) -> None:
    at_files(visitor)
    visitor.step("files", "add", upload=[file()])
    assert visitor.step("files", f"remove:{number}").status_code == 303
    assert VisitPicture.objects.count() == 1


@pytest.mark.parametrize("age", ["minor", "unsure"])
def test_no_file_control_where_anyone_may_be_a_child(visitor: Visitor, age: str) -> None:
    visitor.begin(age=age, past_referral=False)
    seen = []
    for step, answers in [("refer", {}), ("happened", {}), ("story", {}), ("contact", {"reach": "none"}),
                          ("links", {}), ("more", {}), ("consents", {})]:  # fmt: skip
        page = visitor.get("/").content.decode()
        assert 'type="file"' not in page
        assert "multipart" not in page
        seen.append(visitor.draft.step)
        visitor.step(step, **answers)
    assert seen == ["refer", "happened", "story", "contact", "links", "more", "consents"]


def test_the_refer_page_names_who_helps(visitor: Visitor) -> None:
    visitor.begin(about="child", age="minor", past_referral=False)
    page = visitor.get("/").content.decode()
    assert "https://takeitdown.example/" in page
    assert "1800 55 1800" in page


@pytest.mark.parametrize("age", ["minor", "unsure"])
@pytest.mark.parametrize("step", ["files", "happened", "contact", "check"])
def test_a_sent_file_is_refused_where_anyone_may_be_a_child(visitor: Visitor, age: str, step: str) -> None:
    visitor.begin(age=age)
    before = stored_files()
    answer = visitor.step(step, "add", upload=[file()])
    assert answer.status_code == 400
    assert b"No files can be taken here" in answer.content
    assert (Picture.objects.count(), VisitPicture.objects.count(), stored_files()) == (0, 0, before)


@pytest.mark.parametrize("step", ["start", "about", "age", "happened"])
def test_a_file_before_the_age_question_is_refused(visitor: Visitor, step: str) -> None:
    visitor.step("start")
    before = stored_files()
    assert visitor.step(step, "add", upload=[file()]).status_code == 400
    assert (Picture.objects.count(), stored_files()) == (0, before)


def test_without_a_visit_a_file_is_refused(visitor: Visitor) -> None:
    before = stored_files()
    assert visitor.step("files", "add", upload=[file()]).status_code == 410
    assert (Picture.objects.count(), stored_files()) == (0, before)


def test_a_child_after_all_destroys_what_came_before(visitor: Visitor) -> None:
    at_files(visitor)
    visitor.step("files", "add", upload=[file()])
    visitor.step("files")
    visitor.step("links")
    visitor.step("more")
    visitor.step("consents", partners="on")
    visitor.step("check", "change:age")
    visitor.step("age", age="unsure")
    picture = Picture.objects.get()
    assert (picture.state, picture.shred_reason) == ("shredded", "minor")
    assert (visitor.draft.step, visitor.draft.consents) == ("refer", [])
    visitor.step("refer")
    visitor.step("consents")
    visitor.step("check")
    case = Case.objects.get()
    assert (case.age_route, case.team.name, case.pictures.count()) == ("unsure", "Restricted", 0)


def test_a_report_about_a_child_goes_to_the_restricted_team(visitor: Visitor) -> None:
    visitor.begin(age="minor")
    visitor.tell()
    visitor.finish()
    case = Case.objects.get()
    assert (case.age_route, case.team.name, case.pictures.count()) == ("minor", "Restricted", 0)


def test_thirty_files_an_hour(visitor: Visitor) -> None:
    at_files(visitor)
    for _ in range(3):
        assert visitor.step("files", "add", upload=[file(b"%PDF-1.7") for _ in range(10)]).status_code == 303
    answer = visitor.step("files", "add", upload=[file(b"%PDF-1.7")])
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")


def test_a_network_has_a_limit_of_its_own_over_all_visits(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "files", (RateLimitItemPerHour(1000), RateLimitItemPerHour(1)))
    second = Visitor(REMOTE_ADDR="203.0.113.9")
    for one, status in ((Visitor(REMOTE_ADDR="203.0.113.1"), 303), (second, 429)):
        at_files(one)
        assert one.step("files", "add", upload=[file(b"%PDF-1.7")]).status_code == status
    at_files(visitor)
    assert visitor.step("files", "add", upload=[file(b"%PDF-1.7")]).status_code == 303


def test_the_files_before_one_too_many_stay(visitor: Visitor) -> None:
    at_files(visitor)
    for _ in range(2):
        visitor.step("files", "add", upload=[file(b"%PDF-1.7") for _ in range(14)])
    small = encoded(photo("cat").resize((64, 64)))
    answer = visitor.step("files", "add", upload=[file(small) for _ in range(4)])
    page = visitor.get("/").content.decode()
    assert (answer.status_code, Picture.objects.count()) == (303, 2)
    assert "Wait an hour, then add this file again." in page
    assert visitor.draft.refused == ["too_many", "too_many"]
    assert [entries_of(held.id) for held in Picture.objects.all()] == [["picture.stored"]] * 2


def test_twenty_files_a_report(visitor: Visitor) -> None:
    at_files(visitor)
    small = encoded(photo("cat").resize((64, 64)))
    visitor.step("files", "add", upload=[file(small) for _ in range(20)])
    visitor.step("files", "add", upload=[file(small)])
    assert "You can add at most 20 files" in visitor.get("/").content.decode()
    assert Picture.objects.count() == 20


def test_the_last_page_counts_what_can_be_used(visitor: Visitor) -> None:
    at_files(visitor)
    visitor.step("files", "add", upload=[file(), file(encoded(photo("cat")))])
    VisitPicture.objects.filter(position=2).update(picture=refused())
    visitor.step("files")
    visitor.step("links", links="")
    visitor.step("more")
    visitor.step("consents")
    assert "1<br>Cannot be used: 1" in visitor.get("/").content.decode()
