"""The second person's decision."""

from __future__ import annotations

import hmac
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hashing.lists import guarding, states
from hashing.lists.digests import digest as digest_of
from hashing.lists.entries import locked_entry, record_entry, staff_other_than
from hashing.lists.models import Entry
from hashing.lists.services.submitting import reopen_submission
from hashing.lists.states import State
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Verb
from portal.core.context import Context
from portal.core.errors import Conflict


def approve(ctx: Context, *, entry_id: UUID, digest: str, team: UUID | None) -> Entry:
    """List what was proposed. `digest` is the one that the approver was shown.

    Raises NotAllowed to the proposer, Conflict when it was decided already, isn't what was shown, or matches
    something harmless by now.
    """
    with transaction.atomic():
        entry = _decided_by_another(ctx, entry_id, team, State.APPROVED)
        actual = digest_of(entry, entry.fingerprints.all())
        if not (hmac.compare_digest(actual, entry.digest) and hmac.compare_digest(actual, digest)):
            message = _("This isn't what you were shown any more. Look at it again, then decide.")
            raise Conflict(message, code="entry_changed")
        guarding.recheck(ctx, entry)
        entry.guarded_at = ctx.at
        entry.save(update_fields=["state", "decided_by", "decided_at", "guarded_at"])
        record_entry(ctx, Verb.ENTRY_APPROVED, entry)
        return entry


def reject(ctx: Context, *, entry_id: UUID, reason: str, team: UUID | None) -> Entry:
    """Turn the proposal down, with a code of states.Reason; its copies of the fingerprints are deleted."""
    with transaction.atomic():
        entry = _decided_by_another(ctx, entry_id, team, State.REJECTED)
        entry.reason = states.reason(reason)
        entry.save(update_fields=["state", "decided_by", "decided_at", "reason"])
        entry.fingerprints.all().delete()
        if entry.submission_id is not None:
            reopen_submission(entry.submission_id)
        record_entry(ctx, Verb.ENTRY_REJECTED, entry)
        return entry


def _decided_by_another(ctx: Context, entry_id: UUID, team: UUID | None, wanted: State) -> Entry:
    entry = locked_entry(entry_id)
    policy.require(ctx, Perm.ENTRY_APPROVE, team=team)
    decider = staff_other_than(ctx, entry.proposed_by_id)
    states.check(entry.state, wanted)
    entry.state, entry.decided_by_id, entry.decided_at = wanted, decider, ctx.at
    return entry
