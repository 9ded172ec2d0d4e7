"""The end of a picture: its keys first, then its bytes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from portal.core.context import Context
from portal.vault.models import Picture


def shred(ctx: Context, *, picture_id: UUID, reason: str) -> Picture:
    """Destroy the keys of a picture and its renditions, then their bytes. Doing it twice changes nothing.

    `reason` is a short identifier: decided, withdrawn, retention, forget…
    """
    raise NotImplementedError


def schedule_shred(ctx: Context, *, picture_id: UUID, due_at: datetime | None) -> Picture:
    """Set (or, with None, lift) the time at which the sweep shreds the picture."""
    raise NotImplementedError


def lock(ctx: Context, *, picture_id: UUID) -> Picture:
    """Stop every preview and reveal of a picture at once (a child may be in it). Never undone here."""
    raise NotImplementedError
