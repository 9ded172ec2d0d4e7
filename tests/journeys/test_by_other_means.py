"""The whole journey by the keyboard alone, and the whole journey without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cases.models import Case, CasePicture, Consent, Location
from portal.agency.models import Team
from tests.journeys import public_checks, walks
from tests.photos import encoded, photo

pytestmark = pytest.mark.browser


@pytest.fixture
def keyboard(browser: Browser, origin: str) -> Iterator[Page]:
    """The first page, at 400 % of 1280 by 1024, and nobody touches the mouse."""
    context = browser.new_context(viewport={"width": 320, "height": 256})
    page = context.new_page()
    page.goto(origin)
    yield page
    context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the control has the focus; it must be reached, and be seen, not under the bar."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            hidden = page.evaluate(HIDDEN)
            assert not hidden, f"{selector} is under the bar"
            return
    pytest.fail(f"Tab never reaches {selector}")


HIDDEN = """() => {
  const bar = document.querySelector('.app-exit').getBoundingClientRect();
  const box = document.activeElement.getBoundingClientRect();
  return box.bottom <= bar.bottom || box.top >= innerHeight;
}"""


def go_on(page: Page, button: str = 'main button[value="on"]') -> None:
    """Press the button with the keyboard, and be at the heading of the next page."""
    tab_to(page, button)
    page.evaluate("() => { window.leaving = true; }")
    page.keyboard.press("Enter")
    page.wait_for_function("() => window.leaving !== true")
    page.wait_for_load_state()
    assert public_checks.is_at_its_heading(page), page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def answer(page: Page, field: str, presses: int = 0) -> None:
    """Choose the radio that is so many arrow keys from the first one."""
    tab_to(page, f'input[name="{field}"]')
    page.keyboard.press("Space")
    for _ in range(presses):
        page.keyboard.press("ArrowDown")
    go_on(page)


def test_by_the_keyboard_alone(keyboard: Page, own_team: Team) -> None:
    page = keyboard
    go_on(page, "main form button")
    go_on(page)
    answer(page, "danger", 1)
    answer(page, "about")
    answer(page, "age", 1)
    tab_to(page, 'input[name="circumstances"]')
    page.keyboard.press("Space")
    go_on(page)
    tab_to(page, "textarea")
    page.keyboard.type("It was posted.")
    go_on(page)
    answer(page, "way", 2)
    answer(page, "reach")
    tab_to(page, "textarea")
    page.keyboard.type("https://video.example/1")
    go_on(page)
    go_on(page, 'main button[value="rather_not"]')
    tab_to(page, 'input[name="police"]')
    page.keyboard.press("Space")
    go_on(page)
    go_on(page, 'main button[value="on"]')
    codes = page.locator("main .app-codes bdi").all_inner_texts()
    tab_to(page, 'input[name="saved"]')
    page.keyboard.press("Space")
    tab_to(page, 'main button[value="on"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/follow/")
    case = Case.objects.get()
    assert (case.circumstances, Location.objects.get().host) == (["shared"], "video.example")
    assert list(Consent.objects.values_list("recipient", flat=True)) == ["police"]
    following_by_keyboard(page, *codes)


def following_by_keyboard(page: Page, reference: str, code: str) -> None:
    """Log in, write, delete in a week, undo."""
    for field, typed in (("reference", reference), ("code", code)):
        tab_to(page, f'input[name="{field}"]')
        page.keyboard.type(typed)
    go_on(page, 'main button[value="enter"]')
    go_on(page, 'main button[value="messages"]')
    tab_to(page, "textarea")
    page.keyboard.type("Hello")
    go_on(page, 'main button[value="send_message"]')
    go_on(page, 'main button[value="status"]')
    go_on(page, 'main button[value="choose"]')
    tab_to(page, 'input[name="choice"]')
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    go_on(page, 'main button[value="chosen"]')
    go_on(page, 'main button[value="take_back"]')
    assert Case.objects.get().deletion_due_at is not None
    go_on(page, 'main button[value="undo"]')
    case = Case.objects.get()
    assert (case.messages.count(), case.deletion_due_at, case.private_for_desk is None) == (1, None, False)


def test_without_javascript(browser: Browser, origin: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    pages = list(walks.without_script(page, origin, encoded(photo("cat"))))
    assert pages[-1] == "receipt"
    assert CasePicture.objects.count() == 1
    expect(page.locator("[data-copy]")).to_be_hidden()
    codes = page.locator("main .app-codes bdi").all_inner_texts()
    page.check('input[name="saved"]')
    walks.press(page, "on")
    assert page.url.endswith("/follow/")
    following_without_script(page, origin, *codes)
    context.close()


def following_without_script(page: Page, origin: str, reference: str, code: str) -> None:
    """Add a link, write, delete in a week, undo: each by plain forms."""
    page.goto(f"{origin}/follow/")
    page.fill('input[name="reference"]', reference)
    page.fill('input[name="code"]', code)
    walks.press(page, "enter")
    walks.press(page, "messages")
    page.fill('textarea[name="body"]', "Hello")
    walks.press(page, "send_message")
    walks.press(page, "status")
    walks.press(page, "choose")
    page.check('input[value="later"]')
    walks.press(page, "chosen")
    walks.press(page, "take_back")
    walks.press(page, "undo")
    case = Case.objects.get()
    assert (case.messages.count(), case.deletion_due_at, case.private_for_desk is None) == (1, None, False)
