"""The scene of the desk's own tests."""

from __future__ import annotations

from tests.cases.desk.conftest import case, entry, make_case, state_of, teams

__all__ = ["case", "entry", "make_case", "state_of", "teams"]
