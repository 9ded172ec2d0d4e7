"""For partners of an e-safety agency: pull its list, match uploads against it, and honour withdrawals."""

from __future__ import annotations

from portal_kit.errors import KitError
from portal_kit.portal import Portal
from portal_kit.store import LocalList

__all__ = ["KitError", "LocalList", "Portal"]
