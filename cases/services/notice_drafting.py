"""A notice is written, changed, or taken back before it is sent. Perm case.work."""

from __future__ import annotations

import os
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases import states
from cases.models import Case, Location, Notice
from cases.notices import regimes
from cases.services import notice_records
from cases.services.loading import locked, refuse_if_child
from cases.services.location_rows import set_location
from cases.services.notice_records import Incomplete, Wanted
from cases.states import CLOSED_STATES, LocationState, NoticeState
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, commitment, record
from portal.core import references
from portal.core.context import Context
from portal.core.errors import Conflict, NotFound

_SALT = 16  # bytes


@transaction.atomic
def draft(ctx: Context, *, case_id: UUID, wanted: Wanted) -> Notice:
    """Write a notice about locations that somebody has made sure of.

    Raises Incomplete with the fields that the law asks for, Conflict when a location is not at that step.
    """
    case = _open_case(locked(ctx, case_id, Perm.CASE_WORK))
    rows = list(Location.objects.select_for_update().filter(case=case, position__in=wanted.positions))
    if not rows:
        raise Incomplete(("items",))
    reference = references.new_reference()
    text = notice_records.build(ctx, case, wanted, reference=reference, rows=rows)
    row = Notice(case=case, reference=reference, salt=os.urandom(_SALT), drafted_at=ctx.at)
    _fill(ctx, row, wanted)
    row.record_sealed, row.digest = notice_records.seal(case, row.pk, text), text.digest
    row.save(force_insert=True)
    row.locations.set(rows)
    _move(ctx, row, rows, LocationState.NOTICE_DRAFTED)
    _tell(ctx, row, len(rows))
    return row


@transaction.atomic
def redraft(ctx: Context, *, notice_id: UUID, wanted: Wanted) -> Notice:
    """Change what it says; an approval was of the old text, and ends. The locations stay."""
    case, row = load(ctx, notice_id, Perm.CASE_WORK)
    _open_case(case)
    rows = list(row.locations.select_for_update())
    before = NoticeState(row.state)
    if before is not NoticeState.DRAFTED:
        states.check(states.NOTICE, now=before, to=NoticeState.DRAFTED)
        _move(ctx, row, rows, LocationState.NOTICE_DRAFTED)
    text = notice_records.build(ctx, case, wanted, reference=row.reference, rows=rows)
    _fill(ctx, row, wanted)
    row.state, row.drafted_at = NoticeState.DRAFTED, ctx.at
    row.approved_by, row.approved_at, row.approved_digest = None, None, ""
    row.record_sealed, row.digest = notice_records.seal(case, row.pk, text), text.digest
    row.save()
    _tell(ctx, row, len(rows))
    return row


@transaction.atomic
def take_back(ctx: Context, *, notice_id: UUID) -> Notice:
    """Nothing is sent; its locations are where they were before."""
    _case, row = load(ctx, notice_id, Perm.CASE_WORK)
    states.check(states.NOTICE, now=NoticeState(row.state), to=NoticeState.TAKEN_BACK)
    rows = list(row.locations.select_for_update())
    if row.state == NoticeState.APPROVED:
        _move(ctx, row, rows, LocationState.NOTICE_DRAFTED)
    _move(ctx, row, rows, LocationState.EVIDENCED)
    row.state = NoticeState.TAKEN_BACK
    row.save(update_fields=["state"])
    record(ctx, Verb.NOTICE_TAKEN_BACK, Subject("notice", row.pk), case=row.case_id)
    return row


def load(ctx: Context, notice_id: UUID, perm: Perm) -> tuple[Case, Notice]:
    """Case and notice, both locked. NotFound outside the actor's teams."""
    case_id = Notice.objects.filter(pk=notice_id).values_list("case", flat=True).first()
    if case_id is None:
        raise NotFound(_("There is nothing here."), code="no_such_notice")
    case = locked(ctx, case_id, perm)
    row = Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    row.case = case
    return case, row


def _open_case(case: Case) -> Case:
    refuse_if_child(case)
    if case.destroyed_at is not None or case.state in CLOSED_STATES:
        raise Conflict(_("This request is closed. Open it again first."), code="case_closed")
    return case


def _fill(ctx: Context, row: Notice, wanted: Wanted) -> None:
    row.regime, row.formal = wanted.regime, regimes.BY_CODE[wanted.regime].formal
    row.service, row.email, row.hours = wanted.service.strip(), wanted.email, wanted.hours
    row.drafted_by_id = UUID(ctx.actor.id)


def _move(ctx: Context, row: Notice, rows: Sequence[Location], to: LocationState) -> None:
    """A request without a power leaves its locations where they are until it is sent."""
    for location in rows:
        if row.formal:
            set_location(ctx, location, to)
        else:
            states.check(
                states.LOCATION, now=LocationState(location.state), to=LocationState.INFORMAL_REQUEST
            )


def _tell(ctx: Context, row: Notice, number: int) -> None:
    record(
        ctx,
        Verb.NOTICE_DRAFTED,
        Subject("notice", row.pk),
        case=row.case_id,
        regime=row.regime,
        locations=number,
        text=commitment(row.digest, bytes(row.salt or b"")),
    )
