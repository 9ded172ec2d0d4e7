"""An agency, an empty outbox, and people who visit."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from cases import limits
from portal.agency.models import Agency
from tests.cases.visitors import Visitor
from tests.factories import make_agency, make_team
from tests.tracing import what_is_opened_is_on_record

__all__ = ["what_is_opened_is_on_record"]


@pytest.fixture
def outbox(tmp_path: Path, settings: Settings) -> Path:
    settings.OUTBOX_DIR = tmp_path / "outbox"
    return tmp_path / "outbox"


@pytest.fixture
def agency(db: None, outbox: Path) -> Agency:
    limits._limiter.cache_clear()
    return make_agency(
        restricted_team=make_team("Restricted", restricted=True),
        helplines=[{"name": "Kids line", "phone": "1800 55 1800", "url": "", "hours": "All day"}],
        minor_referral_name="Take it down",
        minor_referral_url="https://takeitdown.example/",
    )


@pytest.fixture
def visitor(agency: Agency) -> Visitor:
    return Visitor()
