"""A real Chromium on the portal's own pages, served over HTTP from this process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from cases import limits
from portal.agency.models import Team
from tests.factories import make_agency, make_team

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _chromium() -> str:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("No Chromium: install the package chromium, or name one in the variable CHROMIUM.")
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; our own calls between its steps are not asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=sandbox)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def own_team(committed_db: None, settings: Settings, tmp_path: Path) -> Team:
    """The agency with its intake team, a restricted team and a helpline; mails go to a folder."""
    settings.OUTBOX_DIR = tmp_path / "outbox"
    limits._limiter.cache_clear()
    team = make_team("Intake")
    make_agency(
        intake_team=team,
        restricted_team=make_team("Children", restricted=True),
        helplines=[
            {
                "name": "National support line",
                "phone": "1800 555 012",
                "url": "https://help.example/",
                "hours": "Every day, 8 to 22",
            }
        ],
        reference_contact="1800 555 013",
        minor_referral_name="Take It Down",
        minor_referral_url="https://takeitdown.example/",
    )
    return team


@pytest.fixture
def origin(own_team: Team, live_server: LiveServer) -> str:
    return str(live_server.url)
