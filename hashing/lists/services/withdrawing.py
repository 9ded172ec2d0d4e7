"""Take entries off a list, for good or for now. From here on no feed shows their fingerprints.

(The StopNCII wire's records follow when the publisher has numbered the withdrawal, seconds later.)
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hashing.lists import states
from hashing.lists.entries import locked_entry, record_entry
from hashing.lists.models import Entry, Quarantine
from hashing.lists.models.quarantine import Outcome
from hashing.lists.services.submitting import drop_submissions
from hashing.lists.states import OPEN, FeedState, Reason, State
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Verb
from portal.core.context import ActorKind, Context


def withdraw(ctx: Context, *, entry_id: UUID, reason: str, team: UUID | None = None) -> Entry:
    """End an entry, with a code of states.Reason. Raises Conflict when it has ended already."""
    with transaction.atomic():
        entry = locked_entry(entry_id)
        require_withdrawing(ctx, team)
        end(ctx, entry, states.reason(reason))
        Quarantine.objects.filter(entry=entry, closed_at=None).update(outcome=Outcome.ENDED, closed_at=ctx.at)
        return entry


def end(ctx: Context, entry: Entry, reason: Reason) -> None:
    """Withdraw a locked entry; who may, the caller has checked."""
    states.check(entry.state, State.WITHDRAWN)
    entry.state, entry.withdrawn_at, entry.reason = State.WITHDRAWN, ctx.at, reason
    entry.save(update_fields=["state", "withdrawn_at", "reason"])
    if entry.listed_at is None or entry.published in {FeedState.QUARANTINED, FeedState.WITHDRAWN}:
        # What a feed calls active keeps its rows until the publisher has written the tombstones.
        entry.fingerprints.all().delete()
    if entry.submission_id is not None:
        drop_submissions(ctx, Q(pk=entry.submission_id), reason)
    record_entry(ctx, Verb.ENTRY_WITHDRAWN, entry)


def withdraw_picture(ctx: Context, *, picture_id: UUID, reason: str, team: UUID | None = None) -> list[Entry]:
    """Withdraw all open entries of a picture, on every list, and drop what partners sent as copies of it;
    none is no error."""
    with transaction.atomic():
        require_withdrawing(ctx, team)
        wanted = Entry.objects.select_for_update(no_key=True).filter(picture_id=picture_id, state__in=OPEN)
        ids = list(wanted.order_by("pk").values_list("pk", flat=True))
        ended = [withdraw(ctx, entry_id=pk, reason=reason, team=team) for pk in ids]
        drop_submissions(ctx, Q(picture_id=picture_id), states.reason(reason))
        return ended


def quarantine(ctx: Context, *, entry_id: UUID, reason: str, team: UUID | None = None) -> Entry:
    """Take an entry off the feeds while it is looked into; two people then judge it (`judging`)."""
    with transaction.atomic():
        entry = locked_entry(entry_id)
        require_withdrawing(ctx, team)
        _quarantine(ctx, entry, states.reason(reason), {})
        return entry


def quarantine_if_listed(ctx: Context, entry: Entry, *, reason: Reason, figures: dict[str, int]) -> bool:
    """Quarantine a locked entry by a rule; False when it isn't listed any more."""
    if entry.state != State.LISTED:
        return False
    _quarantine(ctx, entry, reason, figures)
    return True


def _quarantine(ctx: Context, entry: Entry, reason: Reason, figures: dict[str, int]) -> None:
    states.check(entry.state, State.QUARANTINED)
    entry.state, entry.reason = State.QUARANTINED, reason
    entry.save(update_fields=["state", "reason"])
    Quarantine.objects.create(entry=entry, cause=reason, figures=figures, opened_at=ctx.at)
    record_entry(ctx, Verb.ENTRY_QUARANTINED, entry)


def require_withdrawing(ctx: Context, team: UUID | None) -> None:
    """A person may always withdraw what is theirs: `cases` has made sure that it is."""
    if ctx.actor.kind is not ActorKind.PERSON:
        policy.require(ctx, Perm.ENTRY_WITHDRAW, team=team)
