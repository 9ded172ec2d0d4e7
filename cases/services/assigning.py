"""Who works on a case."""

from __future__ import annotations

from uuid import UUID

from cases.models import Case
from portal.core.context import Context


def assign(ctx: Context, *, case_id: UUID, staff_id: UUID | None) -> Case:
    """Give the case to a member of its team, or to nobody. Caseworkers may take an unassigned case."""
    raise NotImplementedError
