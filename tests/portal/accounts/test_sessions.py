"""How long a session at the desk lasts, and what ends it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session

from portal.accounts import services
from portal.accounts.models import Staff, TotpDevice
from portal.core.context import Context
from tests.factories import make_agency, make_staff
from tests.staff_fixtures import StaffBrowser, StaffClient, browser_of

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = 60
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.accounts.desk_urls")]


@pytest.fixture(autouse=True)
def _agency() -> None:
    make_agency()


def is_open(browser: StaffBrowser) -> bool:
    response: Any = browser.get("/desk/test/page")
    if response.status_code == 200:
        return True
    assert response.headers["Location"] == "/desk/login?next=%2Fdesk%2Ftest%2Fpage"
    return False


def test_fifteen_idle_minutes_end_it(staff_client: StaffClient) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = staff_client()
        clock.shift(15 * MINUTE - 1)
        assert is_open(browser)
        clock.shift(15 * MINUTE - 1)
        assert is_open(browser)
        clock.shift(15 * MINUTE)
        assert not is_open(browser)
        assert not browser.session.keys()


def test_ten_hours_end_it_however_busy(staff_client: StaffClient) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = staff_client()
        for _ in range(59):
            clock.shift(10 * MINUTE)
            assert is_open(browser)
        clock.shift(10 * MINUTE - 1)
        assert is_open(browser)
        clock.shift(1)
        assert not is_open(browser)


def test_requests_close_together_write_the_session_once(
    staff_client: StaffClient, django_assert_num_queries: Any
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = staff_client()
        clock.shift(19)
        is_open(browser)
        assert browser.session["desk_seen_at"] == NOON.timestamp()
        clock.shift(1)
        is_open(browser)
        assert browser.session["desk_seen_at"] == NOON.timestamp() + 20


def test_a_closed_account_is_out_at_its_next_request(staff_client: StaffClient) -> None:
    browser = staff_client()
    assert is_open(browser)
    services.deactivate(Context.system("test"), staff_id=browser.staff.pk)
    assert not is_open(browser)


def test_a_new_invitation_ends_every_session(staff_client: StaffClient) -> None:
    browser = staff_client()
    services.invite_again(Context.system("test"), staff_id=browser.staff.pk)
    assert not is_open(browser)


def test_a_new_app_ends_sessions_opened_with_the_old_one(staff_client: StaffClient) -> None:
    browser = staff_client()
    services.enrol_totp(Context.system("test"), staff=browser.staff)
    assert not is_open(browser)


def test_a_new_role_counts_from_the_next_request(staff_client: StaffClient) -> None:
    browser = staff_client("caseworker")
    assert browser.get("/desk/test/casework").status_code == 200
    services.change_role(Context.system("test"), staff_id=browser.staff.pk, role="auditor", teams=[])
    assert browser.get("/desk/test/casework").status_code == 403


def test_a_session_without_times_is_closed() -> None:
    browser = browser_of(make_staff())
    session = browser.session
    del session["desk_started_at"]
    session.save()
    assert not is_open(browser)


def test_posting_to_a_closed_session_does_not_come_back_to_the_same_address(client: Any) -> None:
    response = client.post("/desk/test/page", {"reason": "secret"})
    assert (response.status_code, response.headers["Location"]) == (302, "/desk/login")


def test_the_device_of_somebody_else_opens_nothing() -> None:
    browser, other = browser_of(make_staff()), make_staff()
    session = browser.session
    session["otp_device_id"] = TotpDevice.objects.get(user=other).persistent_id
    session.save()
    assert not is_open(browser)
    assert Staff.objects.count() == 2


def test_sessions_that_have_ended_are_swept_at_the_next_log_in(staff_client: StaffClient) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        staff_client()
        clock.shift(11 * 60 * MINUTE)
        staff_client()
        assert Session.objects.count() == 1
