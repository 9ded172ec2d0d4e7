"""Propose a picture's fingerprints for a list."""

from __future__ import annotations

from uuid import UUID

from hashing.lists.bases import Basis
from hashing.lists.models import Entry
from portal.core.context import Context


def propose(ctx: Context, *, picture_id: UUID, list_slug: str, basis: Basis, team: UUID | None) -> Entry:
    raise NotImplementedError
