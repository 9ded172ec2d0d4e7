"""Fingerprinting as a service: what is owed is read from the database, and done once."""

from __future__ import annotations

from uuid import UUID

from portal.core.context import Context


def enqueue(picture_id: UUID) -> None:
    """Queue the check of a stored picture after commit. With no broker nothing fails: requeue finds it."""
    raise NotImplementedError


def fingerprint_picture(ctx: Context, *, picture_id: UUID) -> bool:
    """Check and fingerprint a stored picture. True if this call did it, False if nothing was owed."""
    raise NotImplementedError
