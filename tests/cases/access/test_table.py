"""Every address of the desk, both methods, every role, in the own team and in another: status by status."""

from __future__ import annotations

import uuid
from copy import copy

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from cases.models import Case
from hashing.lists.models import Entry
from hashing.matching.generations import Folder
from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from tests.cases.access.allowed import ANSWERS
from tests.cases.access.expected import ADDRESSES, DOORS, METHODS, names, refused
from tests.cases.desk.conftest import StateOf, Teams
from tests.cases.desk.noticed import a_notice
from tests.factories import make_staff
from tests.hashing.index_folder import brought_up_to_date
from tests.staff_fixtures import browser_of

CELLS = [(name, method) for name in ADDRESSES for method in METHODS]


@pytest.fixture
def places(teams: Teams, case: Case, entry: Entry, index_folder: Folder) -> dict[str, str]:
    """What stands for the placeholders of the addresses: all of it the own team's."""
    brought_up_to_date(index_folder)
    someone = make_staff(Role.CASEWORKER, [teams.own])
    make_staff(Role.ADMINISTRATOR)
    return {
        "r": case.reference,
        "e": str(entry.pk),
        "n": str(a_notice(case).pk),
        "s": str(someone.pk),
        "v": str(uuid.uuid4()),
    }


def ask(browser: Client, name: str, method: str, places: dict[str, str]) -> int:
    """The answer's status; whatever the request did is undone, in the browser too."""
    kept = copy(browser.cookies)
    with transaction.atomic():
        status = browser.generic(method, ADDRESSES[name].path.format(**places)).status_code
        transaction.set_rollback(True)
    browser.cookies = kept
    return status


def test_every_address_has_an_expectation() -> None:
    desk = {name for name, path in names(get_resolver().url_patterns) if path.startswith("desk/")}
    assert desk == ADDRESSES.keys() | DOORS


def test_every_answer_of_a_page_is_one_that_somebody_can_get() -> None:
    answered = {cell for cell in CELLS for role in Role if refused(*cell, role, own=True) is None}
    assert ANSWERS.keys() <= answered


def test_nobody_gets_in_without_logging_in(places: dict[str, str]) -> None:
    before = AuditEntry.objects.count()
    visitor = Client()
    found = {cell: visitor.generic(cell[1], ADDRESSES[cell[0]].path.format(**places)) for cell in CELLS}
    wrong = {cell: answer.status_code for cell, answer in found.items() if answer.status_code != 302}
    assert wrong == {("accounts:logout", "GET"): 405}
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("own", [True, False], ids=["own team", "another team"])
@pytest.mark.parametrize("role", Role)
def test_who_gets_what(  # noqa: PLR0917 (fixtures)
    role: Role,
    own: bool,  # noqa: FBT001 (a table)
    teams: Teams,
    case: Case,
    places: dict[str, str],
    state_of: StateOf,
) -> None:
    """The whole table; and those who are turned away change nothing, not even undone afterwards."""
    browser = browser_of(make_staff(role, [teams.own if own else teams.other]))
    before, accounts = state_of(case), list(Staff.objects.order_by("pk").values())
    wrong = {}
    for name, method in CELLS:
        wanted = refused(name, method, role, own=own)
        if wanted is None:
            found, wanted = ask(browser, name, method, places), ANSWERS.get((name, method), 200)
        else:
            found = browser.generic(method, ADDRESSES[name].path.format(**places)).status_code
        if found != wanted:
            wrong[name, method] = f"{found} for {wanted}"
    assert wrong == {}
    assert state_of(case) == before
    assert list(Staff.objects.order_by("pk").values()) == accounts
