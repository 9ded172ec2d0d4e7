"""The person, or the desk for them, takes back what was shared, or has everything deleted."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from cases.models import Case
from portal.core.context import Context


class Scope(StrEnum):
    PICTURE = "picture"  # stop sharing one picture
    SHARING = "sharing"  # stop sharing all of them; the case goes on
    EVERYTHING = "everything"  # stop sharing, shred the pictures, destroy what was written


def withdraw(ctx: Context, *, case_id: UUID, scope: Scope, position: int | None = None) -> Case:
    """Withdraw at once; `position` names the picture for Scope.PICTURE. Can't be undone."""
    raise NotImplementedError
