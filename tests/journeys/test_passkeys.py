"""A passkey in a real browser: made, used to log in, used before something that asks again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings

from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.agency.models import Team
from portal.audit.models import Entry
from tests.factories import make_staff
from tests.journeys.scenes import log_in
from tests.journeys.walks import follow_to, submit

pytestmark = pytest.mark.browser
PASSWORD = "a horse of another colour"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def ada(own_team: Team) -> Staff:
    return make_staff(Role.CASEWORKER, [own_team], password=PASSWORD)


@pytest.fixture
def context(browser: Browser, origin: str, settings: Settings) -> Iterator[BrowserContext]:
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = [origin]
    made = browser.new_context()
    yield made
    made.close()


def with_key(context: BrowserContext) -> Page:
    """A page of a browser that has a security key plugged in, and somebody who touches it when asked."""
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return page


def test_a_passkey_is_made_and_used_instead_of_codes(
    context: BrowserContext, origin: str, ada: Staff
) -> None:
    assert origin.startswith("http://localhost:")
    log_in(context, origin, ada)
    page = with_key(context)
    page.goto(f"{origin}/desk/you/")
    follow_to(page, 'form[action$="passkeys/new"] button')
    page.fill('input[name="name"]', "Blue key")
    submit(page)
    expect(page.get_by_role("status")).to_have_text("The passkey works from now on.")
    expect(page.locator(".app-queue").first).to_contain_text("Blue key")

    follow_to(page, 'form[action$="logout"] button')
    page.fill('input[name="email"]', ada.email)
    page.fill('input[name="password"]', PASSWORD)
    submit(page)
    follow_to(page, "[data-passkey] button")
    expect(page.locator("h1")).to_be_visible()
    assert page.url == f"{origin}/desk/"

    _forget_the_step_up(ada)
    page.goto(f"{origin}/desk/you/")
    follow_to(page, 'form[action$="you/codes"] button')
    expect(page.locator("h1")).to_have_text("Confirm that it is you")
    follow_to(page, "[data-passkey] button")
    expect(page.locator(".app-codes li")).to_have_count(10)
    methods = Entry.objects.filter(verb__in=["staff.logged_in", "staff.stepped_up"])
    assert [(one.verb, one.payload) for one in methods.order_by("waiting__position")] == [
        ("staff.logged_in", {"method": "passkey"}),
        ("staff.stepped_up", {"method": "passkey"}),
    ]


def _forget_the_step_up(staff: Staff) -> None:
    session = SessionStore(staff.sessions.get().session.pk)
    session["stepped_up_at"] = 0
    session.save()
