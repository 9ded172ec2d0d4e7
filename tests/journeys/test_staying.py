"""The bar that says that a page ends soon, with a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cases.intake import proof
from cases.models import Case, Visit
from portal.core import clock
from tests.journeys import walks

pytestmark = pytest.mark.browser
SOON = "To protect you, this page closes in 5 minutes."
LAST = "This page closes in 5 minutes, 4 hours after you began."


@pytest.fixture
def page(browser: Browser, origin: str) -> Iterator[Page]:
    """One step into the journey, with a clock that stands still."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.clock.install()
    page.goto(origin)
    walks.submit(page)
    yield page
    context.close()


def stays(page: Page) -> None:
    """Somebody is there, and the server has heard of it."""
    with page.expect_response("**/stay") as answer:
        page.get_by_role("button", name="Stay on this page").click()
    assert answer.value.status == 204


def test_five_minutes_before_a_bar_offers_to_stay(page: Page) -> None:
    page.clock.run_for("24:00")
    expect(page.get_by_text(SOON)).to_be_hidden()
    page.clock.run_for("01:05")
    expect(page.get_by_text(SOON)).to_be_visible()
    assert not page.evaluate("document.documentElement.scrollWidth > 320")
    before = Visit.objects.get().seen_at
    stays(page)
    expect(page.get_by_text(SOON)).to_be_hidden()
    assert Visit.objects.get().seen_at > before


def test_at_the_end_the_page_goes_and_shows_nothing_any_more(page: Page) -> None:
    Visit.objects.update(expires_at=clock.now())
    page.clock.run_for("30:05")
    expect(page.get_by_role("heading", name="This page is over")).to_be_visible()


def test_before_the_last_end_it_says_that_staying_does_not_help(page: Page) -> None:
    for _ in range(11):
        page.clock.run_for("20:00")
        with page.expect_response("**/stay"):
            page.evaluate("document.body.dispatchEvent(new Event('input', {bubbles: true}))")
            page.clock.run_for("00:06")
    page.clock.run_for("15:00")
    expect(page.get_by_text(LAST)).to_be_visible()
    expect(page.get_by_role("button", name="Stay on this page")).to_be_hidden()


def test_work_under_way_keeps_the_page(page: Page) -> None:
    page.evaluate("document.querySelector('main').append(document.createElement('progress'))")
    with page.expect_response("**/stay") as answer:
        page.clock.run_for("05:05")
    assert answer.value.status == 204
    expect(page.get_by_text(SOON)).to_be_hidden()


UPLOAD = """() => {
  const form = document.createElement('form');
  Object.assign(form, {method: 'post', action: '/slow', enctype: 'multipart/form-data'});
  document.querySelector('main').append(form);
  window.addEventListener('submit', event => event.preventDefault());
  form.requestSubmit();
}"""


def test_files_on_their_way_are_not_cut_off_by_their_own_page(page: Page) -> None:
    """They take an hour: the page that sends them lives as long, and says nothing of an end.

    The form is held back when everything has heard of it: a test can't ask a page that is about to change.
    """
    page.evaluate(UPLOAD)
    for _ in range(12):
        with page.expect_response("**/stay") as answer:
            page.clock.run_for("05:05")
        assert answer.value.status == 204
        expect(page.get_by_text(SOON)).to_be_hidden()


def test_a_page_that_is_brought_back_is_asked_for_anew(page: Page) -> None:
    page.clock.run_for("00:10")
    Visit.objects.update(expires_at=clock.now())
    with page.expect_navigation():
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.get_by_role("heading", name="This page is over")).to_be_visible()


def test_a_browser_works_where_many_come_from_one_network(
    browser: Browser, origin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "_is_suspicious", lambda _turn, _network: True)
    page = browser.new_page()
    assert "check" in walks.without_script(page, origin, None)  # and stops there
    walks.press(page, "on")
    page.get_by_text("Your browser has shown that it isn’t one of many").wait_for()  # noqa: RUF001 (the page's own)
    salt = page.locator("[data-proof]").get_attribute("data-proof") or ""
    assert proof.solves(salt, page.locator('input[name="proof"]').input_value())
    walks.press(page, "on")
    assert Case.objects.count() == 1
    page.close()
