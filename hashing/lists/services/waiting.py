"""The end of an entry's wait: the collision guard looks once more, then the publisher may have it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from hashing.lists import guarding
from hashing.lists.models import Entry
from hashing.lists.services.withdrawing import end
from hashing.lists.states import Reason, State
from portal.core.context import Context
from portal.core.errors import Conflict

BATCH = 50


def release_waited(ctx: Context) -> int:
    """Let go on, or end, what has waited long enough; how many entries that were.

    Each in its own transaction: killed at any line, the rest is done by the next run.
    """
    due = _due(ctx).order_by("wait_until", "pk").values_list("pk", flat=True)
    return sum(_release(ctx, pk) for pk in list(due[:BATCH]))


def _due(ctx: Context) -> QuerySet[Entry]:
    """Those whose wait is over, and that the guard has not looked at since."""
    return Entry.objects.filter(state=State.APPROVED, wait_until__lte=ctx.at, guarded_at__lt=F("wait_until"))


@transaction.atomic
def _release(ctx: Context, entry_id: UUID) -> bool:
    """False if somebody else is at it, or it was withdrawn meanwhile."""
    entry = _due(ctx).select_for_update(skip_locked=True).filter(pk=entry_id).first()
    if entry is None:
        return False
    try:
        guarding.recheck(ctx, entry)
    except Conflict:
        end(ctx, entry, Reason.COLLISION)
        return True
    entry.guarded_at = ctx.at
    entry.save(update_fields=["guarded_at"])
    return True
