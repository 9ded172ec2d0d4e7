"""A child is suspected in a case: everything is locked at once."""

from __future__ import annotations

from uuid import UUID

from cases.models import Case
from portal.core.context import Context


def suspect(ctx: Context, *, case_id: UUID) -> Case:
    """Lock every reveal, preview, proposal and match of the case, and give it to the restricted team.

    Its entries are withdrawn from every list. Idempotent.
    """
    raise NotImplementedError
