"""What becomes of an entry in quarantine: one person proposes, another decides, on the same digest."""

from __future__ import annotations

import hashlib
import hmac
import json
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hashing.lists import states
from hashing.lists.entries import locked_entry, record_entry, staff_other_than
from hashing.lists.models import Entry, Quarantine
from hashing.lists.models.quarantine import JUDGED, Outcome
from hashing.lists.services.withdrawing import end
from hashing.lists.states import Reason, State
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Verb
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotFound


def quarantine_digest(found: Quarantine, proposal: str) -> str:
    """SHA-256 (hex) over the entry, what partners reported of it, why it is in quarantine, and `proposal`."""
    entry = found.entry
    reports = sorted(str(pk) for pk in entry.feedback.values_list("pk", flat=True))
    whole = [str(found.pk), str(entry.pk), entry.digest, found.cause, found.figures, reports, proposal]
    return hashlib.sha256(json.dumps(whole, separators=(",", ":"), sort_keys=True).encode()).hexdigest()


def propose_outcome(
    ctx: Context, *, quarantine_id: UUID, outcome: Outcome, digest: str, team: UUID | None
) -> Quarantine:
    """The first person's view; a later one takes its place. `digest` is of what they were shown.

    Raises Conflict when it is judged already, or more has come in since.
    """
    with transaction.atomic():
        found = _open(quarantine_id)
        policy.require(ctx, Perm.ENTRY_PROPOSE, team=team)
        if outcome not in JUDGED:
            raise Invalid(_("Choose what should become of it."), code="no_such_outcome")
        _check_digest(found, "", digest)
        found.proposed_by_id = staff_other_than(ctx, None)
        found.proposal, found.proposed_at = outcome, ctx.at
        found.digest = quarantine_digest(found, outcome)
        found.save(update_fields=["proposal", "proposed_by", "proposed_at", "digest"])
        record_entry(ctx, Verb.ENTRY_JUDGED, found.entry, quarantine=found.pk, proposal=str(outcome))
        return found


def decide_outcome(ctx: Context, *, quarantine_id: UUID, digest: str, team: UUID | None) -> Entry:
    """The second person agrees: the entry goes back on its list, or off it for good.

    Raises NotAllowed to the first person, Conflict when this isn't what was proposed or shown any more.
    """
    with transaction.atomic():
        found = _open(quarantine_id)
        policy.require(ctx, Perm.ENTRY_APPROVE, team=team)
        if not found.proposal:
            raise Conflict(_("Nobody has proposed yet what to do with it."), code="nothing_proposed")
        decider = staff_other_than(ctx, found.proposed_by_id)
        _check_digest(found, found.proposal, digest)
        found.outcome, found.decided_by_id, found.closed_at = found.proposal, decider, ctx.at
        found.save(update_fields=["outcome", "decided_by", "closed_at"])
        _carry_out(ctx, found)
        return found.entry


def _open(quarantine_id: UUID) -> Quarantine:
    """Entry first, then quarantine: the order in which everybody locks them."""
    entry_id = Quarantine.objects.filter(pk=quarantine_id).values_list("entry", flat=True).first()
    if entry_id is None:
        raise NotFound(_("There is nothing here."), code="no_such_quarantine")
    entry = locked_entry(entry_id)
    found = Quarantine.objects.select_for_update().get(pk=quarantine_id)
    if found.closed_at is not None:
        raise Conflict(_("This has been decided already."), code="already_judged")
    found.entry = entry
    return found


def _check_digest(found: Quarantine, proposal: str, given: str) -> None:
    if not hmac.compare_digest(quarantine_digest(found, proposal), given):
        message = _("This isn't what you were shown any more. Look at it again, then decide.")
        raise Conflict(message, code="quarantine_changed")


def _carry_out(ctx: Context, found: Quarantine) -> None:
    entry = found.entry
    if found.outcome == Outcome.WITHDRAWN:
        end(ctx, entry, Reason(found.cause))
        return
    states.check(entry.state, State.LISTED)
    # Published anew, even if the quarantine never was: who pulled in the meantime was told that it is off.
    entry.state, entry.reason, entry.published = State.LISTED, "", ""
    entry.save(update_fields=["state", "reason", "published"])
    record_entry(ctx, Verb.ENTRY_RELEASED, entry)
