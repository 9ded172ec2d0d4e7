"""Asking for the second factor once more, and going on with what was sent."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.audit.models import Entry
from tests.factories import make_agency, make_team
from tests.portal.accounts.codes import code_of, wrong_code_of
from tests.staff_fixtures import StaffBrowser, StaffClient

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ADDRESS = "/desk/test/guarded/7?tab=2"
SENT = {"reason": 'Says "mine" <b>', "picture": ["1", "2"], "empty": "", "code": "the form's own"}
ARRIVED = {"reason": ['Says "mine" <b>'], "picture": ["1", "2"], "empty": [""], "code": ["the form's own"]}
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.accounts.desk_urls")]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


@pytest.fixture
def browser(clock: time_machine.Traveller, staff_client: StaffClient) -> StaffBrowser:
    make_agency()
    return staff_client("supervisor", [make_team()])


def fields_of(page: str) -> dict[str, list[str]]:
    """The hidden fields of the page's form, as a browser would send them."""
    found: dict[str, list[str]] = {}
    page = page.partition('<form method="post" novalidate>')[2].partition("</form>")[0]
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    found.pop("csrfmiddlewaretoken", None)
    return found


def stepped_up() -> int:
    return Entry.objects.filter(verb="staff.stepped_up").count()


def test_a_log_in_opens_the_window_for_five_minutes(
    browser: StaffBrowser, clock: time_machine.Traveller
) -> None:
    clock.shift(299)
    assert browser.post(ADDRESS, SENT).json()["fields"] == ARRIVED
    clock.shift(1)
    assert "Confirm that it is you" in browser.post(ADDRESS, SENT).content.decode()


def test_what_was_sent_goes_on_after_the_code(browser: StaffBrowser, clock: time_machine.Traveller) -> None:
    clock.shift(300)
    asked = browser.post(ADDRESS, SENT)
    assert (asked.status_code, asked.headers["Cache-Control"]) == (200, "no-store")
    page = asked.content.decode()
    carried = fields_of(page)
    assert carried == ARRIVED
    assert '<form method="post" novalidate>' in page  # to the same address
    code = code_of(browser.staff)
    answer = browser.post(ADDRESS, carried | {"step_up-code": code})
    assert answer.json() == {"number": 7, "fields": ARRIVED, "query": {"tab": "2"}}
    assert stepped_up() == 1
    assert Entry.objects.get(verb="staff.stepped_up").subject_id == str(browser.staff.pk)


def test_the_window_then_stays_open_for_five_minutes(
    browser: StaffBrowser, clock: time_machine.Traveller
) -> None:
    clock.shift(300)
    browser.post(ADDRESS, SENT | {"step_up-code": code_of(browser.staff)})
    clock.shift(299)
    assert browser.post(ADDRESS, SENT).json()["fields"] == ARRIVED
    clock.shift(1)
    assert browser.post(ADDRESS, SENT).headers["Content-Type"].startswith("text/html")


def test_a_wrong_code_asks_again_and_loses_nothing(
    browser: StaffBrowser, clock: time_machine.Traveller
) -> None:
    clock.shift(300)
    wrong = browser.post(ADDRESS, SENT | {"step_up-code": wrong_code_of(browser.staff)})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "This code is not right" in page
    assert fields_of(page) == ARRIVED
    too_soon = browser.post(ADDRESS, SENT | {"step_up-code": code_of(browser.staff)})
    assert (too_soon.status_code, too_soon.headers["Retry-After"]) == (429, "1")
    assert fields_of(too_soon.content.decode()) == ARRIVED
    assert stepped_up() == 0
    clock.shift(1)
    assert browser.post(ADDRESS, SENT | {"step_up-code": code_of(browser.staff)}).json()["fields"] == ARRIVED


def test_an_empty_code_is_named(browser: StaffBrowser, clock: time_machine.Traveller) -> None:
    clock.shift(300)
    answer = browser.post(ADDRESS, SENT | {"step_up-code": ""})
    assert answer.status_code == 422
    assert "Enter the code from your authenticator app." in answer.content.decode()
    assert fields_of(answer.content.decode()) == ARRIVED


def test_a_code_is_good_for_one_step_up(browser: StaffBrowser, clock: time_machine.Traveller) -> None:
    clock.shift(300)
    code = code_of(browser.staff)
    browser.post(ADDRESS, SENT | {"step_up-code": code})
    session = browser.session
    session["stepped_up_at"] = 0
    session.save()
    assert browser.post(ADDRESS, SENT | {"step_up-code": code}).status_code == 422
    assert stepped_up() == 1


def test_a_page_asked_for_by_link_is_shown_after_the_code(
    browser: StaffBrowser, clock: time_machine.Traveller
) -> None:
    clock.shift(300)
    page = browser.get("/desk/test/link?x=1").content.decode()
    assert fields_of(page) == {"step_up-from_link": ["1"]}
    wrong = browser.post("/desk/test/link?x=1", {"step_up-from_link": "1", "step_up-code": "12"})
    assert fields_of(wrong.content.decode()) == {"step_up-from_link": ["1"]}
    clock.shift(1)
    sent = {"step_up-from_link": "1", "step_up-code": code_of(browser.staff)}
    answer = browser.post("/desk/test/link?x=1", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/test/link?x=1")
    assert browser.get("/desk/test/link?x=1").content == b"GET []"


def test_it_is_no_way_around_the_role(clock: time_machine.Traveller, staff_client: StaffClient) -> None:
    make_agency()
    auditor = staff_client("auditor")
    clock.shift(300)
    answer = auditor.post(ADDRESS, SENT | {"step_up-code": code_of(auditor.staff)})
    assert answer.status_code == 403
    assert stepped_up() == 0


def test_another_site_cannot_send_it(browser: StaffBrowser, clock: time_machine.Traveller) -> None:
    strict: Any = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    clock.shift(300)
    assert strict.post(ADDRESS, SENT | {"step_up-code": code_of(browser.staff)}).status_code == 403
    assert stepped_up() == 0
