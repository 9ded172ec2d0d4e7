"""The desk's scene, with an auditor in a browser."""

from __future__ import annotations

import pytest

from portal.accounts.roles import Role
from tests.cases.desk import conftest as desk
from tests.cases.desk.conftest import Teams
from tests.factories import make_staff
from tests.staff_fixtures import StaffBrowser, browser_of

teams, make_case, case, caseworker, supervisor = (
    desk.teams,
    desk.make_case,
    desk.case,
    desk.caseworker,
    desk.supervisor,
)


@pytest.fixture
def auditor(teams: Teams) -> StaffBrowser:
    return browser_of(make_staff(Role.AUDITOR))
