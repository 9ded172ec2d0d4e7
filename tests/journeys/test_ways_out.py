"""Leaving quickly, and small helps that must never be in the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.agency.models import Agency
from portal.agency.selectors import forget
from tests.journeys import walks

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def page(request: pytest.FixtureRequest, browser: Browser, origin: str) -> Iterator[Page]:
    """A page of the journey, one step in; the exit leads to another address of the same server."""
    Agency.objects.update(exit_url=f"{origin}/healthz?weather")
    forget()
    context = browser.new_context(java_script_enabled=request.param, viewport={"width": 320, "height": 480})
    page = context.new_page()
    page.goto(origin)
    walks.submit(page)
    walks.press(page, "on")
    walks.press(page, "rather_not")
    yield page
    context.close()


def test_the_way_out_is_on_screen_at_every_scroll_position(page: Page) -> None:
    link = page.locator(".app-exit__link")
    for _ in range(4):
        expect(link).to_be_in_viewport(ratio=1)
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(50)


def test_it_is_the_second_thing_that_tab_reaches_on_the_first_page(page: Page, origin: str) -> None:
    page.context.clear_cookies()
    page.goto(origin)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".app-exit__link")).to_be_focused()


def test_leaving_ends_the_visit(page: Page, origin: str) -> None:
    page.locator(".app-exit__link").click()
    page.wait_for_url("**/healthz?weather")
    page.goto(origin)
    expect(page.locator('input[name="about"]')).to_have_count(0)


def test_shift_three_times_leaves_and_takes_the_page_out_of_the_history(
    browser: Browser, origin: str
) -> None:
    Agency.objects.update(exit_url=f"{origin}/healthz?weather")
    forget()
    page = browser.new_page()
    page.goto(f"{origin}/desk/login")
    page.goto(f"{origin}/follow/")
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/healthz?weather")
    page.go_back()
    assert page.url.endswith("/desk/login")
    page.close()


def test_typing_capitals_does_not_leave(browser: Browser, origin: str) -> None:
    page = browser.new_page()
    page.goto(f"{origin}/follow/")
    page.focus('input[name="reference"]')
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    page.wait_for_timeout(200)
    assert page.url.endswith("/follow/")
    assert page.input_value('input[name="reference"]') == "ABCD"
    page.close()


def test_a_mistake_takes_the_focus_to_its_summary_and_then_to_the_field(
    browser: Browser, origin: str
) -> None:
    page = browser.new_page()
    page.goto(f"{origin}/follow/")
    walks.press(page, "enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error: ")
    page.locator(".govuk-error-summary a").first.click()
    expect(page.locator('input[name="reference"]')).to_be_focused()
    page.close()


def test_a_second_click_sends_nothing(browser: Browser, origin: str) -> None:
    page = browser.new_page()
    page.goto(origin)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate(
        "() => { const button = document.querySelector('main button'); button.click(); button.click(); }"
    )
    page.wait_for_selector('button[value="over"]')
    assert len(sent) == 1
    page.close()


def test_the_language_switch_stays_on_the_page(page: Page) -> None:
    page.locator(".app-language summary").click()
    walks.follow_to(page, 'button[name="language"][value="ar"]')
    expect(page.locator('input[name="about"]')).to_have_count(3)
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator('link[rel="stylesheet"]').get_attribute("href") == "/static/app.rtl.css"
