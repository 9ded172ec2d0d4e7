"""Browsers of staff who are logged in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client

from portal.accounts import sessions
from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.agency import selectors
from portal.agency.models import Team
from tests.factories import make_staff


class StaffBrowser(Client):
    """Django's test client, logged in with both factors and freshly stepped up as `staff`."""

    staff: Staff


class StaffClient(Protocol):
    def __call__(self, role: Role | str = ..., teams: Iterable[Team] = ...) -> StaffBrowser: ...


def browser_of(staff: Staff) -> StaffBrowser:
    """A browser in which this person is logged in; no password is needed, nothing is audited."""
    request = HttpRequest()
    request.session, request.user = SessionStore(), AnonymousUser()
    sessions.open_desk(request, staff, staff.totp)
    request.session.save()
    browser = StaffBrowser()
    browser.staff = staff
    browser.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    return browser


@pytest.fixture
def staff_client() -> StaffClient:
    """`staff_client("caseworker", [team])`: a new member of staff, in a browser of their own.

    Ask for `db` or `committed_db` beside it.
    """

    def make(role: Role | str = Role.CASEWORKER, teams: Iterable[Team] = ()) -> StaffBrowser:
        return browser_of(make_staff(role, teams))

    return make


@pytest.fixture(autouse=True)
def _forget_agency() -> None:
    """What one test's process remembered of the agency is not true in the next."""
    selectors.forget()
