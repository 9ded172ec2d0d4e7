"""The second person's decision."""

from __future__ import annotations

from uuid import UUID

from hashing.lists.models import Entry
from portal.core.context import Context


def approve(ctx: Context, *, entry_id: UUID, digest: str, team: UUID | None) -> Entry:
    raise NotImplementedError


def reject(ctx: Context, *, entry_id: UUID, reason: str, team: UUID | None) -> Entry:
    raise NotImplementedError
