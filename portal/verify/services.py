"""Start and confirm one-time codes."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from portal.core.context import Context
from portal.verify.contacts import Contact
from portal.verify.models import Challenge


class Outcome(StrEnum):
    CONFIRMED = "confirmed"
    WRONG = "wrong"
    SPENT = "spent"  # expired, used, replaced, out of tries, or never made: ask for a new code


def start(ctx: Context, *, contact: Contact, binding: str) -> Challenge:
    """Send a new 6-digit code; earlier ones of this binding stop working.

    The answer is the same for every contact. Raises TooMany within 60 seconds of this binding's last code.
    """
    raise NotImplementedError


def confirm(ctx: Context, *, challenge_id: UUID, binding: str, code: str) -> Outcome:
    """Try a code, once per call: at most 5 tries per code and 15 wrong ones per contact and day."""
    raise NotImplementedError


def confirmed_at(*, challenge_id: UUID, binding: str, contact: Contact) -> bool:
    """Whether this very contact was confirmed under this binding."""
    raise NotImplementedError
