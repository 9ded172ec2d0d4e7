"""Delivery is tested at times of their own, which the log would take for back-dating."""

from __future__ import annotations

from datetime import timedelta

import pytest


@pytest.fixture(autouse=True)
def _any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.audit.recording.OLDEST", timedelta(days=36_500))
