"""Take entries off a list, for good or for now. From here on no feed shows their fingerprints.

(The StopNCII wire's records follow when the publisher has numbered the withdrawal, seconds later.)
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from hashing.lists import states
from hashing.lists.entries import locked_entry, record_entry, staff_other_than
from hashing.lists.models import Entry
from hashing.lists.states import OPEN, FeedState, State
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Verb
from portal.core.context import ActorKind, Context


def withdraw(ctx: Context, *, entry_id: UUID, reason: str, team: UUID | None = None) -> Entry:
    """End an entry, with a code of states.Reason. Raises Conflict when it has ended already."""
    with transaction.atomic():
        entry = locked_entry(entry_id)
        _require(ctx, team)
        states.check(entry.state, State.WITHDRAWN)
        entry.state, entry.withdrawn_at = State.WITHDRAWN, ctx.at
        entry.reason = states.reason(reason)
        entry.save(update_fields=["state", "withdrawn_at", "reason"])
        if entry.published != FeedState.ACTIVE:
            # What a feed calls active keeps its rows until the publisher has written the tombstones.
            entry.fingerprints.all().delete()
        record_entry(ctx, Verb.ENTRY_WITHDRAWN, entry)
        return entry


def withdraw_picture(ctx: Context, *, picture_id: UUID, reason: str, team: UUID | None = None) -> list[Entry]:
    """Withdraw all open entries of a picture, on every list; none is no error."""
    with transaction.atomic():
        _require(ctx, team)
        wanted = Entry.objects.select_for_update().filter(picture_id=picture_id, state__in=OPEN)
        ids = list(wanted.order_by("pk").values_list("pk", flat=True))
        return [withdraw(ctx, entry_id=pk, reason=reason, team=team) for pk in ids]


def quarantine(ctx: Context, *, entry_id: UUID, reason: str, team: UUID | None = None) -> Entry:
    """Take an entry off the feeds while it is looked into; `release` puts it back."""
    with transaction.atomic():
        entry = locked_entry(entry_id)
        _require(ctx, team)
        states.check(entry.state, State.QUARANTINED)
        entry.state, entry.reason = State.QUARANTINED, states.reason(reason)
        entry.save(update_fields=["state", "reason"])
        record_entry(ctx, Verb.ENTRY_QUARANTINED, entry)
        return entry


def release(ctx: Context, *, entry_id: UUID, team: UUID | None = None) -> Entry:
    """Put an entry in quarantine back on its list: like an approval, not by its proposer."""
    with transaction.atomic():
        entry = locked_entry(entry_id)
        policy.require(ctx, Perm.ENTRY_APPROVE, team=team)
        staff_other_than(ctx, entry.proposed_by_id)
        states.check(entry.state, State.LISTED)
        entry.state, entry.reason = State.LISTED, ""
        entry.save(update_fields=["state", "reason"])
        record_entry(ctx, Verb.ENTRY_RELEASED, entry)
        return entry


def _require(ctx: Context, team: UUID | None) -> None:
    """A person may always withdraw what is theirs: `cases` has made sure that it is."""
    if ctx.actor.kind is not ActorKind.PERSON:
        policy.require(ctx, Perm.ENTRY_WITHDRAW, team=team)
