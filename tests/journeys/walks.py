"""Ways through the public pages that stop at each: its name is yielded while it is on screen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import FilePayload, Page

Walk = Iterator[str]


def press(page: Page, go: str) -> None:
    """Press the first button with this value, and wait for the page after it."""
    follow_to(page, f'main button[name="go"][value="{go}"]')


def submit(page: Page) -> None:
    follow_to(page, "main form button.govuk-button")


def follow_to(page: Page, selector: str) -> None:
    """Click the first of these, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def public(page: Page, origin: str, photo: bytes) -> Walk:
    """From the first page to a request that is taken back, with the pages for mistakes on the way."""
    page.goto(origin)
    yield "start"
    submit(page)
    yield from beginning(page)
    yield from telling(page)
    yield from reaching(page)
    yield from giving(page, photo)
    yield from sending(page)
    yield from agreeing(page)
    codes = [
        text for text in page.locator("main bdi").all_inner_texts() if re.fullmatch(r"[0-9A-Z-]{9,}", text)
    ]
    yield from follow(page, origin, *codes[:2])


def choose(page: Page, field: str, value: str) -> None:
    page.check(f'input[name="{field}"][value="{value}"]')
    press(page, "on")


def beginning(page: Page) -> Walk:
    """Who it is about, and whether anyone is a child or in danger."""
    yield "leaving"
    press(page, "on")
    yield "danger"
    choose(page, "danger", "yes")
    yield "urgent"
    press(page, "on")
    yield "about"
    press(page, "on")
    yield "about-mistake"
    choose(page, "about", "authorised")
    yield "authority"
    page.check('input[name="authority"]')
    press(page, "on")
    yield "age"
    choose(page, "age", "unsure")
    yield "refer"
    follow_to(page, ".app-back")
    choose(page, "age", "adult")


def telling(page: Page) -> Walk:
    yield "happened"
    choose(page, "circumstances", "threatened")
    yield "advice"
    press(page, "on")
    yield "story"
    page.fill('textarea[name="story"]', "It was posted.")
    press(page, "on")
    yield "way"
    choose(page, "way", "device")


def reaching(page: Page) -> Walk:
    yield "contact"
    choose(page, "reach", "call")
    yield "safe-call"
    follow_to(page, ".app-back")
    choose(page, "reach", "email")
    yield "safe"
    page.fill('input[name="contact"]', "not an address")
    press(page, "on")
    yield "safe-mistake"
    page.fill('input[name="contact"]', "someone@post.example")
    choose(page, "safe_to_leave", "no")
    yield "code-unsent"
    press(page, "again")
    yield "code"
    press(page, "skip")


def giving(page: Page, photo: bytes) -> Walk:
    page.wait_for_selector("[data-device]:not([hidden])")
    yield "device"
    press(page, "change:way")
    choose(page, "way", "send")
    yield "files"
    page.set_input_files('input[type="file"]', {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo})
    press(page, "add")
    yield "files-added"


def sending(page: Page) -> Walk:
    """From the files to the links."""
    press(page, "on")
    yield "links"
    page.fill('textarea[name="links"]', "https://video.example/watch?v=" + "long" * 40)
    press(page, "on")


def agreeing(page: Page) -> Walk:
    yield "more"
    press(page, "rather_not")
    yield "consents"
    for box in page.locator('input[type="checkbox"]').all():
        box.check()
    press(page, "on")
    yield "check"
    press(page, "on")
    yield "receipt"


def without_script(page: Page, origin: str, photo: bytes | None) -> Walk:
    """From the first page to the receipt on the shortest way, with a file if there is one."""
    page.goto(origin)
    yield "start"
    submit(page)
    press(page, "on")
    press(page, "rather_not")
    choose(page, "about", "me")
    choose(page, "age", "adult")
    press(page, "rather_not")
    press(page, "rather_not")
    choose(page, "way", "send" if photo else "links")
    choose(page, "reach", "none")
    if photo is not None:
        yield "files"
        file: FilePayload = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo}
        page.set_input_files('input[type="file"]', file)
        press(page, "add")
        press(page, "on")
    press(page, "on")
    press(page, "rather_not")
    press(page, "on")
    yield "check"
    press(page, "on")
    yield "receipt"


def follow(page: Page, origin: str, reference: str, code: str) -> Walk:
    page.goto(f"{origin}/follow/")
    yield "follow"
    page.fill('input[name="reference"]', reference)
    page.fill('input[name="code"]', "0000-0000-0000-0000")
    press(page, "enter")
    yield "follow-mistake"
    page.fill('input[name="reference"]', reference)
    page.fill('input[name="code"]', code)
    press(page, "enter")
    yield "status"
    yield from changing(page)
    press(page, "choose")
    yield "take-back"
    page.locator('input[type="radio"]').last.check()
    press(page, "chosen")
    yield "sure-later"
    press(page, "take_back")
    yield "deleted-in-a-week"
    press(page, "undo")
    yield "undone"
    press(page, "choose")
    page.check('input[value="everything"]')
    press(page, "chosen")
    yield "sure"
    press(page, "take_back")
    yield "taken-back"
    press(page, "leave")
    yield from lost(page, reference)


def changing(page: Page) -> Walk:
    """Messages, files, links, contact and consents, each with what can go wrong."""
    press(page, "messages")
    press(page, "send_message")
    yield "message-mistake"
    page.fill('textarea[name="body"]', "Is there news?")
    press(page, "send_message")
    yield "messages"
    press(page, "status")
    press(page, "add")
    page.fill('textarea[name="links"]', "no link at all")
    press(page, "add_links")
    yield "add-mistake"
    page.fill('textarea[name="links"]', "https://photos.example/album/7")
    press(page, "add_links")
    yield "added"
    press(page, "contact")
    yield "contact-of-mine"
    page.check('input[name="leave"][value="yes"]')
    press(page, "change_messages")
    page.check('input[name="channel"][value="email"]')
    press(page, "new_contact")
    yield "contact-mistake"
    page.check('input[name="channel"][value="email"]')
    page.fill('input[name="email"]', "another@post.example")
    press(page, "new_contact")
    yield "contact-code"
    press(page, "contact")
    press(page, "status")
    press(page, "consents")
    yield "consents-of-mine"
    press(page, "change_consents")


def lost(page: Page, reference: str) -> Walk:
    """A lost code, as far as it goes without the mail."""
    press(page, "lost")
    yield "lost"
    press(page, "lost_ask")
    yield "lost-mistake"
    page.fill('input[name="reference"]', reference)
    page.fill('input[name="contact"]', "someone@post.example")
    press(page, "lost_ask")
    yield "lost-code"


def elsewhere(page: Page, origin: str) -> Walk:
    """Pages outside the journey that anybody can reach."""
    page.goto(f"{origin}/no-such-page")
    yield "not-found"
    page.goto(f"{origin}/desk/login")
    yield "log-in"
    submit(page)
    yield "log-in-mistake"
