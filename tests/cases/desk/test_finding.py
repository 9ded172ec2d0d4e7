"""Find a file at the desk: asked once, answered in words, and shown only what one's teams may see."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest

from cases.models import Case
from cases.services import child
from hashing.matching import searches
from hashing.matching.generations import Folder
from hashing.matching.models import Search
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from portal.vault import storage
from portal.vault.models import Picture
from tests.cases.desk.conftest import MakeCase, Teams
from tests.factories import make_staff
from tests.hashing.index_folder import brought_up_to_date
from tests.hashing.listing import Desk, make_picture
from tests.photos import encoded, photo
from tests.staff_fixtures import StaffBrowser, browser_of

NOTHING = "It is in no case and on no list that you may see."


@pytest.fixture
def known(make_case: MakeCase, index_folder: Folder) -> Case:
    """A case with a real photograph, in the index."""
    return with_photo(make_case, index_folder)


def with_photo(make_case: MakeCase, folder: Folder, **changes: Any) -> Case:
    case = make_case(**changes)
    of_photo(case.pictures.get().picture)
    brought_up_to_date(folder)
    return case


def of_photo(picture: Picture) -> None:
    """Give it the digest of the photograph's file."""
    picture.fingerprints.filter(kind="sha256").update(value=hashlib.sha256(encoded(photo())).hexdigest())


def upload(browser: StaffBrowser, data: bytes | None = None) -> Any:
    """The age question, then the file."""
    assert browser.post("/desk/find/", {"age": "adult"})["Location"] == "/desk/find/"
    file = BytesIO(data or encoded(photo()))
    file.name = "holiday.jpg"
    return browser.post("/desk/find/", {"upload": file})


def found(browser: StaffBrowser, data: bytes | None = None) -> str:
    """The page with the answer."""
    response = upload(browser, data)
    assert response.status_code == 302
    search = Search.objects.latest("asked_at")
    waiting = browser.get(response["Location"])
    assert waiting["Refresh"] == "2"
    assert searches.answer(Context.system("test"), search_id=search.pk)
    page = browser.get(response["Location"])
    assert "Refresh" not in page
    return str(page.content.decode())


def test_a_case_of_ones_own_team_is_named_with_its_outline(caseworker: StaffBrowser, known: Case) -> None:
    page = found(caseworker)
    assert f'href="/desk/cases/{known.reference}/"' in page
    assert "picture 1" in page
    assert "It is the very same file." in page
    assert 'd="M0 0H600V400H0Z"' in page
    assert "holiday" not in page
    verbs = AuditEntry.objects.filter(subject_type="search").values_list("verb", flat=True)
    assert sorted(verbs) == ["search.answered", "search.asked", "search.read"]


def test_another_teams_case_is_nothing_to_a_caseworker_and_no_name_to_a_supervisor(
    stranger: StaffBrowser, known: Case, teams: Teams
) -> None:
    theirs = browser_of(make_staff(Role.CASEWORKER, [teams.other]))
    assert NOTHING in found(theirs)
    page = found(stranger)
    assert "Another team" in page
    assert known.reference not in page


def test_a_restricted_teams_case_is_nothing_to_anybody_else(
    supervisor: StaffBrowser, make_case: MakeCase, teams: Teams, index_folder: Folder
) -> None:
    case = with_photo(make_case, index_folder, team=teams.restricted)
    assert NOTHING in found(supervisor)
    page = found(browser_of(make_staff(Role.CASEWORKER, [teams.restricted])))
    assert case.reference in page


def test_where_a_child_is_suspected_nothing_is_found_by_anybody(
    caseworker: StaffBrowser, known: Case, teams: Teams
) -> None:
    child.suspect(caseworker_ctx(caseworker), case_id=known.pk)
    assert NOTHING in found(caseworker)
    assert NOTHING in found(browser_of(make_staff(Role.SUPERVISOR, [teams.restricted])))


def caseworker_ctx(browser: StaffBrowser) -> Context:
    return Context(browser.staff.actor)


def test_a_listed_picture_without_a_case_names_its_list(
    caseworker: StaffBrowser, teams: Teams, index_folder: Folder
) -> None:
    picture = make_picture()
    of_photo(picture)
    entry = Desk.make().listed(picture)
    brought_up_to_date(index_folder)
    page = found(caseworker)
    assert "In no case" in page
    assert entry.list.name in page


def test_no_file_control_before_the_age_question_and_none_for_a_child(
    caseworker: StaffBrowser, known: Case
) -> None:
    page = caseworker.get("/desk/find/").content.decode()
    assert 'type="file"' not in page
    for age in ("minor", "unsure"):
        answer = caseworker.post("/desk/find/", {"age": age}).content.decode()
        assert "upload it</h1>" in answer
        assert 'type="file"' not in caseworker.get("/desk/find/").content.decode()
    caseworker.post("/desk/find/", {"age": "adult"})
    assert 'type="file"' in caseworker.get("/desk/find/").content.decode()


def test_a_file_without_the_question_is_not_even_read(
    caseworker: StaffBrowser, known: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(storage, "create", made.append)
    response = caseworker.post("/desk/find/", {"upload": BytesIO(encoded(photo()))})
    assert (response.status_code, response["Location"]) == (302, "/desk/find/")
    assert made == []
    assert not Search.objects.exists()


def test_the_answer_to_the_question_is_good_for_one_file(caseworker: StaffBrowser, known: Case) -> None:
    found(caseworker)
    assert 'type="file"' not in caseworker.get("/desk/find/").content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"), [(b"<html><body>", "This is a web page"), (b"", "This file is empty")]
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(
    data: bytes, sentence: str, caseworker: StaffBrowser, known: Case
) -> None:
    caseworker.post("/desk/find/", {"age": "adult"})
    page = caseworker.post("/desk/find/", {"upload": BytesIO(data)} if data else {"go": "on"})
    assert page.status_code == 200
    assert (sentence if data else "Choose a file.") in page.content.decode()
    assert not Search.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_others_may_not_ask(role: Role, teams: Teams, known: Case) -> None:
    browser = browser_of(make_staff(role, [teams.own]))
    assert browser.get("/desk/find/").status_code == 403
    assert browser.post("/desk/find/", {"age": "adult"}).status_code == 403


def test_an_answer_is_for_who_asked(caseworker: StaffBrowser, supervisor: StaffBrowser, known: Case) -> None:
    address = upload(caseworker)["Location"]
    before = AuditEntry.objects.count()
    assert supervisor.get(address).status_code == 404
    assert AuditEntry.objects.count() == before


def test_without_an_index_the_page_says_so_and_the_case_page_works(
    caseworker: StaffBrowser, case: Case, index_folder: Folder
) -> None:
    response = caseworker.get("/desk/find/")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "Look-up isn't available at the moment" in response.content.decode().replace("&#x27;", "'")
    assert caseworker.post("/desk/find/", {"age": "adult"}).status_code == 503
    assert caseworker.get(f"/desk/cases/{case.reference}/").status_code == 200


def test_a_search_that_failed_says_so(caseworker: StaffBrowser, known: Case) -> None:
    response = upload(caseworker)
    search_id = UUID(response["Location"].rstrip("/").rpartition("/")[2])
    (row,) = Search.objects.filter(pk=search_id)
    assert searches._end(Context.system("test"), row.pk, failure=searches.UNFINISHED)
    page = caseworker.get(response["Location"]).content.decode()
    assert "The file could not be looked up. Try again." in page
