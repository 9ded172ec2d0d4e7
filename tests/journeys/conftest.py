"""A real Chromium on the portal's own pages, served over HTTP from this process."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from cases import limits
from portal.agency.models import Team
from tests.factories import make_agency, make_team


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
