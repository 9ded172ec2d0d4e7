"""@staff lets in who may, and tells the view who it is."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.accounts.roles import MATRIX, Perm, Role
from tests.factories import make_agency
from tests.staff_fixtures import StaffClient

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.accounts.desk_urls")]


@pytest.fixture(autouse=True)
def _agency() -> None:
    make_agency()


def test_strangers_are_sent_to_log_in_and_back(client: Client) -> None:
    response = client.get("/desk/test/page?state=new")
    assert (response.status_code, response.headers["Location"]) == (
        302,
        "/desk/login?next=%2Fdesk%2Ftest%2Fpage%3Fstate%3Dnew",
    )


@pytest.mark.parametrize("role", Role)
def test_the_role_must_hold_the_permission(staff_client: StaffClient, role: Role) -> None:
    expected = 200 if Perm.PICTURE_REVEAL in MATRIX[role] else 403
    assert staff_client(role).get("/desk/test/casework").status_code == expected


def test_the_view_knows_who_asks(staff_client: StaffClient) -> None:
    browser = staff_client("auditor")
    assert browser.get("/desk/test/page").content.decode() == str(browser.staff.pk)


def test_each_request_is_an_action_of_its_own(staff_client: StaffClient) -> None:
    browser = staff_client("caseworker")
    assert browser.get("/desk/test/casework").content != browser.get("/desk/test/casework").content


def test_desk_pages_are_never_stored(staff_client: StaffClient) -> None:
    assert staff_client().get("/desk/test/page").headers["Cache-Control"] == "no-store"
