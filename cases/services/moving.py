"""A case goes from one state to the next."""

from __future__ import annotations

from uuid import UUID

from cases.models import Case
from cases.states import CaseState, WaitingFor
from portal.core.context import Context


def move(ctx: Context, *, case_id: UUID, to: CaseState, waiting_for: WaitingFor = WaitingFor.NOBODY) -> Case:
    """Move along the transition table; Conflict (wrong_state) when there is no such step."""
    raise NotImplementedError
