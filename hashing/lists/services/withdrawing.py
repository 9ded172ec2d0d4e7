"""Take entries off a list, for good or for now."""

from __future__ import annotations

from uuid import UUID

from hashing.lists.models import Entry
from portal.core.context import Context


def withdraw(ctx: Context, *, entry_id: UUID, reason: str, team: UUID | None = None) -> Entry:
    raise NotImplementedError


def withdraw_picture(ctx: Context, *, picture_id: UUID, reason: str, team: UUID | None = None) -> list[Entry]:
    raise NotImplementedError


def quarantine(ctx: Context, *, entry_id: UUID, reason: str, team: UUID | None = None) -> Entry:
    raise NotImplementedError


def release(ctx: Context, *, entry_id: UUID, team: UUID | None = None) -> Entry:
    raise NotImplementedError
