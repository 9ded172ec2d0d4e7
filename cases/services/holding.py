"""A legal hold is proposed by one person, placed by another, and ends on its day or when it is lifted.

While any is in force nothing of the case is destroyed: not by its person, a decision, retention or a mistake.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases import holds
from cases.models import Case, DeadlineKind, Hold, HoldKind
from cases.services import clocks
from cases.services.loading import locked
from cases.states import Decision
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import ActorKind, Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.vault import services as vault

LONGEST = timedelta(days=3 * 365)
FOR_A_CHILD = timedelta(days=365)
NOTICE = timedelta(days=14)  # so long before its end, the desk is told that it ends


@transaction.atomic
def propose(
    ctx: Context, *, case_id: UUID, reason: str, ends_on: date, hidden: bool = False, law: str = ""
) -> Hold:
    """The first person says why, until when, and whether the person may know. Perm case.work.

    Raises Conflict (code hold_open) while there is one, Invalid for a day that can't be.
    """
    case = locked(ctx, case_id, Perm.CASE_WORK)
    if case.destroyed_at is not None:
        raise Conflict(_("Everything in this request has been deleted already."), code="data_destroyed")
    if case.holds.filter(kind=HoldKind.ORDER, ended_at=None).exists():
        raise Conflict(_("There is a hold already."), code="hold_open")
    if not ctx.at.date() < ends_on <= ctx.at.date() + LONGEST:
        raise Invalid(_("Choose a day that lies ahead, three years at most."), code="hold_day")
    if hidden and not law.strip():
        raise Invalid(_("Say which law forbids telling the person."), code="hold_law")
    said, where = reason.strip(), law.strip()
    row = _new(ctx, case, HoldKind.ORDER, reason=said, ends_on=ends_on, hidden=hidden, law=where)
    row.save(force_insert=True)
    record(ctx, Verb.HOLD_PROPOSED, Subject("hold", row.pk), case=case.pk, ends=ends_on, hidden=hidden)
    return row


@transaction.atomic
def note_reading(ctx: Context, *, case_id: UUID) -> None:
    """Somebody looked at why a case is held. Perm case.read."""
    case = locked(ctx, case_id, Perm.CASE_READ)
    record(ctx, Verb.CASE_READ, Subject("case", case.pk), part="hold")


@transaction.atomic
def place(ctx: Context, *, hold_id: UUID, digest: str) -> Hold:
    """The second person agrees to exactly what they saw. Perm hold.place. Nothing is destroyed any more."""
    case, row = _load(ctx, hold_id, Perm.HOLD_PLACE)
    if row.placed_at is not None:
        raise Conflict(_("It is in force already."), code="wrong_state")
    if str(row.proposed_by_id) == ctx.actor.id:
        raise NotAllowed(_("You proposed this, so somebody else must decide."), code="own_hold")
    if digest != row.digest:
        raise Conflict(_("This was changed since you opened it. Read it again."), code="changed")
    row.placed_by_id, row.placed_at = UUID(ctx.actor.id), ctx.at
    row.save(update_fields=["placed_by", "placed_at"])
    _keep(ctx, case, row)
    return row


def keep_for_child(ctx: Context, case: Case) -> Hold:
    """The lock's own hold, in the caller's transaction: it waits for no second person."""
    row = _new(
        ctx,
        case,
        HoldKind.CHILD,
        reason="",
        ends_on=ctx.at.date() + FOR_A_CHILD,
        hidden=True,
        law="",
    )
    row.placed_at = ctx.at
    row.save(force_insert=True)
    _keep(ctx, case, row)
    return row


@transaction.atomic
def lift(ctx: Context, *, hold_id: UUID) -> Hold:
    """End it before its day, or turn a proposal down. Perm hold.place. What was owed meanwhile is done."""
    case, row = _load(ctx, hold_id, Perm.HOLD_PLACE)
    _end(ctx, case, row, why="lifted" if row.placed_at else "refused")
    return row


def expire(ctx: Context) -> int:
    """End the holds whose day is over; how many."""
    over = holds.in_force().filter(ends_on__lt=ctx.at.date()).order_by("pk")
    return sum(_expire(ctx, pk) for pk in list(over.values_list("pk", flat=True)[:100]))


@transaction.atomic
def _expire(ctx: Context, pk: UUID) -> int:
    case, row = _load(ctx, pk, Perm.HOLD_PLACE)
    _end(ctx, case, row, why="ended")
    return 1


def _new(
    ctx: Context, case: Case, kind: HoldKind, *, reason: str, ends_on: date, hidden: bool, law: str
) -> Hold:
    said = json.dumps([str(case.pk), kind.value, reason, ends_on.isoformat(), hidden, law])
    by = UUID(ctx.actor.id) if ctx.actor.kind is ActorKind.STAFF else None
    row = Hold(case=case, kind=kind, hidden=hidden, ends_on=ends_on, proposed_at=ctx.at, proposed_by_id=by)
    row.reason, row.law = reason, law
    row.digest = hashlib.sha256(said.encode()).hexdigest()
    return row


def _keep(ctx: Context, case: Case, row: Hold) -> None:
    for picture_id in case.pictures.order_by("position").values_list("picture_id", flat=True):
        vault.hold(ctx, picture_id=picture_id)
    ends = datetime.combine(row.ends_on, time(), tzinfo=UTC)
    clocks.start(ctx, case, DeadlineKind.HOLD_ENDS, due_at=max(ends - NOTICE, ctx.at))
    record(ctx, Verb.HOLD_PLACED, Subject("hold", row.pk), case=case.pk, ends=row.ends_on, hidden=row.hidden)


def _end(ctx: Context, case: Case, row: Hold, *, why: str) -> None:
    row.ended_at = ctx.at
    row.save(update_fields=["ended_at"])
    record(ctx, Verb.HOLD_ENDED, Subject("hold", row.pk), case=case.pk, why=why)
    if not holds.is_held(case):
        clocks.meet(ctx, case, DeadlineKind.HOLD_ENDS, by=Verb.HOLD_ENDED)
        _release(ctx, case)


def _release(ctx: Context, case: Case) -> None:
    """Files whose review was decided meanwhile go now; a deletion that was asked for, with the next sweep."""
    for row in case.pictures.select_for_update().order_by("position"):
        picture = vault.release(ctx, picture_id=row.picture_id)
        decided = row.decision in {Decision.LISTED, Decision.NOT_LISTED}
        if decided and not row.keep_as_evidence and picture.shredded_at is None:
            vault.shred(ctx, picture_id=row.picture_id, reason="decided")


def _load(ctx: Context, hold_id: UUID, perm: Perm) -> tuple[Case, Hold]:
    case_id = Hold.objects.filter(pk=hold_id, ended_at=None).values_list("case", flat=True).first()
    if case_id is None:
        raise NotFound(_("There is nothing here."), code="no_such_hold")
    case = locked(ctx, case_id, perm)
    row = Hold.objects.select_for_update(of=("self",)).filter(pk=hold_id, ended_at=None).first()
    if row is None:
        raise Conflict(_("This has ended meanwhile."), code="wrong_state")
    return case, row
