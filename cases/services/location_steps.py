"""What the desk does about one location: each step of its table is a function here. Perm case.work.

The steps of a notice (drafted, approved, sent) are taken by cases.notices, with the notice itself.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Capture, Location, PassedTo, Refusal
from cases.services import clocks
from cases.services.loading import locked
from cases.services.location_rows import set_location
from cases.states import LocationState
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, NotFound

# Removed or not: as long as a notice is being written, it is ended first.
ENDINGS = frozenset({LocationState.REMOVED, LocationState.PARTLY, LocationState.UNREACHABLE})


@transaction.atomic
def note_seen(ctx: Context, *, location_id: UUID, capture: Capture) -> Location:
    """Somebody made sure that it is there, and how."""
    row = _locked(ctx, location_id)
    if row.state == LocationState.NOTICE_DRAFTED:  # back from there only by taking the draft back
        raise Conflict(_("A notice about it is being written."), code="wrong_state")
    row.seen_at = row.checked_at = ctx.at
    set_location(ctx, row, LocationState.EVIDENCED, detail=capture.value)
    return row


@transaction.atomic
def ask(ctx: Context, *, location_id: UUID) -> Location:
    """The service was asked on its own form: the lightest way, without a letter of ours."""
    row = _locked(ctx, location_id)
    set_location(ctx, row, LocationState.INFORMAL_REQUEST)
    return row


@transaction.atomic
def acknowledge(ctx: Context, *, location_id: UUID) -> Location:
    """The service said that it has our letter."""
    row = _locked(ctx, location_id)
    set_location(ctx, row, LocationState.ACKNOWLEDGED)
    return row


@transaction.atomic
def end(ctx: Context, *, location_id: UUID, to: LocationState) -> Location:
    """Removed, partly removed, or nobody could be reached: somebody looked, or the service said so."""
    if to not in ENDINGS:
        raise ValueError(to)
    row = _locked(ctx, location_id)
    row.checked_at = ctx.at
    set_location(ctx, row, to)
    return row


@transaction.atomic
def refuse(ctx: Context, *, location_id: UUID, why: Refusal) -> Location:
    """The service refused."""
    row = _locked(ctx, location_id)
    set_location(ctx, row, LocationState.REFUSED, detail=why.value)
    return row


@transaction.atomic
def pass_on(ctx: Context, *, location_id: UUID, to: PassedTo) -> Location:
    """Somebody else who can act was asked."""
    row = _locked(ctx, location_id)
    set_location(ctx, row, LocationState.ESCALATED, detail=to.value)
    return row


@transaction.atomic
def recheck(ctx: Context, *, location_id: UUID, still_up: bool) -> Location:
    """Somebody looked again. What was removed and is up again is found anew; what is gone is removed."""
    row = _locked(ctx, location_id)
    state = LocationState(row.state)
    row.checked_at = ctx.at
    row.seen_at = ctx.at if still_up else row.seen_at
    record(ctx, Verb.LOCATION_CHECKED, Subject("location", row.id), case=row.case_id, up=still_up)
    clocks.looked(ctx, row, still_up=still_up)
    if still_up and state in {LocationState.REMOVED, LocationState.PARTLY}:
        set_location(ctx, row, LocationState.FOUND)
    elif not still_up and state is not LocationState.REMOVED:
        set_location(ctx, row, LocationState.REMOVED)
    else:
        row.save(update_fields=["checked_at", "seen_at"])
    return row


def _locked(ctx: Context, location_id: UUID) -> Location:
    """The location, locked with its case. NotFound outside the actor's teams; Conflict once deleted."""
    case_id = Location.objects.filter(pk=location_id).values_list("case", flat=True).first()
    if case_id is None:
        raise NotFound(_("There is no such address."), code="no_such_location")
    case = locked(ctx, case_id, Perm.CASE_WORK)
    row = Location.objects.select_for_update().filter(pk=location_id, case=case).first()
    if row is None or case.destroyed_at is not None:
        raise Conflict(_("Everything in this request has been deleted already."), code="data_destroyed")
    row.case = case
    return row
