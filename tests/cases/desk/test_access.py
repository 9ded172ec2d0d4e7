"""Who reaches which page of the desk: every address and every role, in the own team and in another."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client

from cases.desk.urls import urlpatterns
from cases.models import Case, Notice
from hashing.lists.models import Entry
from hashing.matching.generations import Folder
from portal.accounts.roles import MATRIX, Perm, Role
from portal.agency.models import Team
from tests.cases.desk.conftest import StateOf, Teams
from tests.cases.desk.noticed import a_notice
from tests.factories import make_staff
from tests.hashing.index_folder import brought_up_to_date
from tests.staff_fixtures import browser_of

# name → (address, methods, permission). {r}: a case's reference; {e}: a proposal; {n}: a notice; {v}: none.
PAGES: dict[str, tuple[str, str, Perm]] = {
    "queue": ("/desk/", "GET", Perm.CASE_READ),
    "approvals": ("/desk/approvals/", "GET", Perm.ENTRY_APPROVE),
    "proposal": ("/desk/approvals/{e}/", "GET", Perm.ENTRY_APPROVE),
    "approve": ("/desk/approvals/{e}/approve", "POST", Perm.ENTRY_APPROVE),
    "reject": ("/desk/approvals/{e}/reject", "POST", Perm.ENTRY_APPROVE),
    "disposals": ("/desk/disposals/", "GET", Perm.CASE_DISPOSE),
    "disposal_propose": ("/desk/disposals/propose", "POST", Perm.CASE_DISPOSE),
    "disposal_approve": ("/desk/disposals/{v}/approve", "POST", Perm.CASE_DISPOSE),
    "disposal_turn_down": ("/desk/disposals/{v}/turn-down", "POST", Perm.CASE_DISPOSE),
    "due": ("/desk/due/", "GET", Perm.CASE_READ),
    "search": ("/desk/search/", "GET POST", Perm.CASE_READ),
    "search_keep": ("/desk/search/keep", "POST", Perm.CASE_READ),
    "search_drop": ("/desk/search/{v}/drop", "POST", Perm.CASE_READ),
    "many": ("/desk/many/", "POST", Perm.CASE_WORK),
    "many_do": ("/desk/many/do", "POST", Perm.CASE_WORK),
    "handover": ("/desk/handover/", "GET", Perm.CASE_ASSIGN),
    "tag": ("/desk/cases/{r}/tag", "POST", Perm.CASE_WORK),
    "find": ("/desk/find/", "GET POST", Perm.PICTURE_FIND),
    "found": ("/desk/find/{v}/", "GET", Perm.PICTURE_FIND),
    "disputes": ("/desk/disputes/", "GET", Perm.CASE_READ),
    "dispute": ("/desk/disputes/{v}/", "GET", Perm.CASE_READ),
    "dispute_propose": ("/desk/disputes/{v}/propose", "POST", Perm.ENTRY_PROPOSE),
    "dispute_decide": ("/desk/disputes/{v}/decide", "POST", Perm.ENTRY_APPROVE),
    "submissions": ("/desk/submissions/", "GET", Perm.ENTRY_PROPOSE),
    "submission": ("/desk/submissions/{v}/", "GET", Perm.ENTRY_PROPOSE),
    "submission_link": ("/desk/submissions/{v}/link", "POST", Perm.ENTRY_PROPOSE),
    "submission_propose": ("/desk/submissions/{v}/propose", "POST", Perm.ENTRY_PROPOSE),
    "submission_refuse": ("/desk/submissions/{v}/refuse", "POST", Perm.ENTRY_PROPOSE),
    "partners": ("/desk/partners/", "GET", Perm.PARTNER_READ),
    "partner": ("/desk/partners/{v}/", "GET", Perm.PARTNER_READ),
    "case": ("/desk/cases/{r}/", "GET", Perm.CASE_READ),
    "contact": ("/desk/cases/{r}/contact", "GET", Perm.CONTACT_READ),
    "messages": ("/desk/cases/{r}/messages", "GET POST", Perm.CASE_READ),
    "settle": ("/desk/cases/{r}/messages/settle", "POST", Perm.CASE_WORK),
    "new_code": ("/desk/cases/{r}/new-code", "POST", Perm.CASE_WORK),
    "assign": ("/desk/cases/{r}/assign", "POST", Perm.CASE_WORK),
    "move": ("/desk/cases/{r}/move", "POST", Perm.CASE_WORK),
    "child": ("/desk/cases/{r}/child", "POST", Perm.CHILD_SUSPECT),
    "next": ("/desk/next", "POST", Perm.CASE_WORK),
    "put_back": ("/desk/cases/{r}/put-back", "POST", Perm.CASE_WORK),
    "priority": ("/desk/cases/{r}/priority", "POST", Perm.CASE_WORK),
    "assessment": ("/desk/cases/{r}/assessment", "GET POST", Perm.CASE_READ),
    "assessment_review": ("/desk/cases/{r}/assessment/review", "POST", Perm.REFUSAL_REVIEW),
    "links": ("/desk/cases/{r}/links/", "GET", Perm.CASE_READ),
    "link_join": ("/desk/cases/{r}/links/join", "POST", Perm.CASE_WORK),
    "link_apart": ("/desk/cases/{r}/links/apart", "POST", Perm.CASE_WORK),
    "link_undo": ("/desk/cases/{r}/links/{v}/undo", "POST", Perm.CASE_WORK),
    "handle_add": ("/desk/cases/{r}/accounts/add", "POST", Perm.CASE_WORK),
    "handle_remove": ("/desk/cases/{r}/accounts/{v}/remove", "POST", Perm.CASE_WORK),
    "hold": ("/desk/cases/{r}/hold", "GET POST", Perm.CASE_WORK),
    "hold_place": ("/desk/holds/{v}/place", "POST", Perm.HOLD_PLACE),
    "hold_lift": ("/desk/holds/{v}/lift", "POST", Perm.HOLD_PLACE),
    "child_reported": ("/desk/cases/{r}/reported", "POST", Perm.CHILD_SUSPECT),
    "notice_choose": ("/desk/cases/{r}/notices/new", "GET", Perm.CASE_WORK),
    "notice_write": ("/desk/cases/{r}/notices/new/generic", "GET POST", Perm.CASE_WORK),
    "notice": ("/desk/notices/{n}/", "GET", Perm.CASE_READ),
    "notice_change": ("/desk/notices/{n}/change", "GET POST", Perm.CASE_WORK),
    "notice_approve": ("/desk/notices/{n}/approve", "POST", Perm.NOTICE_APPROVE),
    "notice_send": ("/desk/notices/{n}/send", "POST", Perm.CASE_WORK),
    "notice_take_back": ("/desk/notices/{n}/take-back", "POST", Perm.CASE_WORK),
    "notice_copy": ("/desk/notices/{n}/copies/pdf", "GET", Perm.CASE_READ),
    "location_add": ("/desk/cases/{r}/locations/add", "GET POST", Perm.CASE_WORK),
    "location": ("/desk/cases/{r}/locations/1/", "GET", Perm.CASE_READ),
    "location_step": ("/desk/cases/{r}/locations/1/step", "POST", Perm.CASE_WORK),
    "location_look": ("/desk/cases/{r}/locations/1/look", "POST", Perm.CASE_WORK),
    "preview": ("/desk/cases/{r}/files/1/preview", "GET", Perm.PICTURE_PREVIEW),
    "reveal": ("/desk/cases/{r}/files/1/view", "GET POST", Perm.PICTURE_REVEAL),
    "trim": ("/desk/cases/{r}/files/1/trim", "GET POST", Perm.ENTRY_PROPOSE),
    "retry": ("/desk/cases/{r}/files/1/again", "POST", Perm.ENTRY_PROPOSE),
    "propose": ("/desk/cases/{r}/files/1/propose", "GET POST", Perm.ENTRY_PROPOSE),
    "not_listed": ("/desk/cases/{r}/files/1/not-listed", "GET POST", Perm.ENTRY_PROPOSE),
    "withdraw": ("/desk/cases/{r}/files/1/withdraw", "GET POST", Perm.CASE_WITHDRAW),
    "shown": ("/desk/cases/{r}/views/{v}/", "GET", Perm.PICTURE_REVEAL),
    "open": ("/desk/cases/{r}/views/{v}/open", "POST", Perm.PICTURE_REVEAL),
    "content": ("/desk/cases/{r}/views/{v}/content", "GET", Perm.PICTURE_REVEAL),
}
REQUESTS = [(name, method) for name, (_, methods, _perm) in PAGES.items() for method in methods.split()]
TEAMLESS = {
    "disposals",
    "disposal_propose",
    "queue",
    "due",
    "approvals",
    "find",
    "disputes",
    "submissions",
    "partners",
}
TEAMLESS |= {"search", "search_keep", "many_do", "handover"}


@dataclass(frozen=True)
class Scene:
    """A case with a proposal in the own team, and a look at everything that must not change."""

    teams: Teams
    case: Case
    entry: Entry
    notice: Notice
    state_of: StateOf

    def statuses(self, browser: Client, requests: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """The answer to each request; whatever a request changed fails the test."""
        before = self.state_of(self.case)
        found = {(name, method): self.ask(browser, name, method).status_code for name, method in requests}
        assert self.state_of(self.case) == before
        return found

    def ask(self, browser: Client, name: str, method: str = "GET") -> HttpResponse:
        address = PAGES[name][0].format(
            r=self.case.reference, e=self.entry.pk, n=self.notice.pk, v=uuid.uuid4()
        )
        return cast("HttpResponse", browser.generic(method, address))

    def browser(self, role: Role, team: Team | None = None) -> Client:
        return browser_of(make_staff(role, [team or self.teams.own]))


@pytest.fixture
def scene(teams: Teams, case: Case, entry: Entry, state_of: StateOf, index_folder: Folder) -> Scene:
    brought_up_to_date(index_folder)
    return Scene(teams, case, entry, a_notice(case), state_of)


def test_every_address_is_in_the_table() -> None:
    assert set(PAGES) == {pattern.name for pattern in urlpatterns}


def test_nobody_gets_in_without_logging_in(scene: Scene) -> None:
    assert scene.statuses(Client(), REQUESTS) == dict.fromkeys(REQUESTS, 302)
    assert scene.ask(Client(), "case")["Location"].startswith("/desk/login?")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.CASEWORKER])
def test_a_role_without_the_permission_is_refused(role: Role, scene: Scene) -> None:
    refused = [request for request in REQUESTS if PAGES[request[0]][2] not in MATRIX[role]]
    assert refused
    answers = dict.fromkeys(refused, 403)
    if role in {Role.ADMINISTRATOR, Role.AUDITOR}:
        answers["queue", "GET"] = 302  # to the page of all accounts, or to the log
    assert scene.statuses(scene.browser(role), refused) == answers


def test_another_teams_case_is_not_there(scene: Scene) -> None:
    stranger = scene.browser(Role.SUPERVISOR, scene.teams.other)
    wanted = {request: 200 if request[0] in TEAMLESS else 404 for request in REQUESTS}
    wanted["next", "POST"] = 302  # nothing of their own waits
    wanted["disposal_propose", "POST"] = 422  # nothing is chosen
    wanted["many", "POST"] = wanted["search", "POST"] = 302  # nothing was chosen, nothing typed
    assert scene.statuses(stranger, REQUESTS) == wanted


def test_a_supervisor_opens_every_page_of_the_own_team(scene: Scene) -> None:
    pages = [
        "queue",
        "due",
        "search",
        "handover",
        "approvals",
        "proposal",
        "find",
        "disputes",
        "submissions",
        "partners",
        "case",
        "contact",
        "assessment",
        "links",
        "hold",
        "notice_choose",
        "notice_write",
        "notice",
        "notice_change",
        "location_add",
        "location",
        "reveal",
        "trim",
        "propose",
        "not_listed",
        "withdraw",
    ]
    browser = scene.browser(Role.SUPERVISOR)
    assert {name: scene.ask(browser, name).status_code for name in pages} == dict.fromkeys(pages, 200)


def test_actions_answer_no_get(scene: Scene) -> None:
    actions = [(name, "GET") for name, (_, methods, _perm) in PAGES.items() if methods == "POST"]
    assert scene.statuses(scene.browser(Role.SUPERVISOR), actions) == dict.fromkeys(actions, 405)


def test_a_form_from_elsewhere_is_refused(scene: Scene) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = scene.browser(Role.SUPERVISOR).cookies
    posts = [request for request in REQUESTS if request[1] == "POST"]
    assert scene.statuses(strict, posts) == dict.fromkeys(posts, 403)


def test_no_page_of_the_desk_is_stored_by_a_browser(scene: Scene) -> None:
    browser = scene.browser(Role.SUPERVISOR)
    for name in ("queue", "find", "found", "case", "contact", "preview", "content"):
        assert scene.ask(browser, name)["Cache-Control"] == "no-store"


def test_no_address_or_title_names_the_subject(scene: Scene) -> None:
    browser = scene.browser(Role.SUPERVISOR)
    more = ("due", "find", "disputes", "submissions", "partners")
    for name in (
        *more,
        "queue",
        "approvals",
        "proposal",
        "case",
        "contact",
        "location",
        "notice",
        "notice_write",
        "reveal",
        "propose",
    ):
        page = scene.ask(browser, name).content.decode().lower()
        title = page.partition("<title>")[2].partition("</title>")[0]
        for word in ("intimate", "abuse", "image", "picture", "photo", "nude"):
            assert word not in title
            assert word not in PAGES[name][0]


@pytest.mark.parametrize("reference", ["\0", "A\0BCDEFG", "9" * 300, "ß" * 8, "\u202e"])
@pytest.mark.parametrize("page", ["", "contact", "files/1/preview", "files/1/view"])
def test_what_is_no_reference_is_not_found(scene: Scene, reference: str, page: str) -> None:
    answer = scene.browser(Role.CASEWORKER).get(f"/desk/cases/{quote(reference)}/{page}")
    assert answer.status_code == 404
