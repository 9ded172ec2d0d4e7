"""A deletion that its person can undo for seven days.

Sharing stops at once, and the desk loses the case's key at once: from then on only the person's code opens
anything. Undone in time, the code gives the desk its key back, and what was shared is reviewed anew: it comes
on a list, if it does, as a new entry through the usual rules. Else everything is destroyed after the week.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases import holds
from cases.models import Case, CasePicture, Consent
from cases.services import self_reporting, withdrawal
from cases.services.consents import give, withdraw_all
from cases.services.deciding import set_decision
from cases.services.loading import locked_own
from cases.services.withdrawal import Scope, withdraw
from cases.states import Decision
from hashing.enrolment import forgetting
from hashing.lists.models import Entry
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict
from portal.crypto import case_keys, keyring, sealing

UNDO = timedelta(days=7)
REVIEW = timedelta(days=30)  # so long the fingerprints of destroyed pictures wait for their new review


@transaction.atomic
def schedule(ctx: Context, *, case_id: UUID) -> Case:
    """Stop all sharing now, destroy everything in seven days, or once a legal hold on it has ended.

    Raises Conflict when it is deleted, or due.
    """
    case = locked_own(ctx, case_id)
    if case.destroyed_at is not None or case.deletion_due_at is not None:
        raise Conflict(_("Everything in this request is deleted, or is about to be."), code="data_destroyed")
    if holds.is_held(case):
        return withdraw(ctx, case_id=case_id, scope=Scope.EVERYTHING)
    rows = list(case.pictures.select_for_update().order_by("position"))
    for row in rows:
        forgetting.keep(row.picture_id, until=ctx.at + UNDO)
    withdraw(ctx, case_id=case_id, scope=Scope.SHARING)
    withdraw_all(ctx, case)
    case.private_for_desk = None
    case.deletion_due_at = ctx.at + UNDO
    case.changed_at = ctx.at
    case.save(update_fields=["private_for_desk", "deletion_due_at", "changed_at"])
    ended = _ended_then(rows, ctx.at).count()
    due = case.deletion_due_at.date()
    record(ctx, Verb.CASE_DELETION_DUE, Subject("case", case.pk), due=due, pictures=len(rows), entries=ended)
    return case


@transaction.atomic
def undo(ctx: Context, *, case_id: UUID, private: bytes) -> Case:
    """The person changes their mind: consents are given anew, what was shared waits to be reviewed anew."""
    case = locked_own(ctx, case_id)
    if case.deletion_due_at is None or case.deletion_due_at <= ctx.at:
        raise Conflict(_("There is nothing to undo any more."), code="nothing_to_undo")
    asked = case.deletion_due_at - UNDO
    pair = sealing.KeyPair(public=bytes(case.public_key), private=private)
    case.private_for_desk = case_keys.wrap_for_desk(pair, keyring.current().desk_public())
    case.deletion_due_at = None
    case.changed_at = ctx.at
    case.save(update_fields=["private_for_desk", "deletion_due_at", "changed_at"])
    consents = [give(ctx, case, of.recipient, of.kind, of.wording_version) for of in _given_up(case, asked)]
    rows = list(case.pictures.select_for_update().filter(sharing_stopped_at=asked).order_by("position"))
    _review_anew(ctx, rows, asked)
    self_reporting.share(ctx, case)
    record(
        ctx,
        Verb.CASE_DELETION_UNDONE,
        Subject("case", case.pk),
        pictures=len(rows),
        consents=len(consents),
    )
    return case


def sweep(ctx: Context) -> int:
    """Destroy what is due; how many cases."""
    due = Case.objects.filter(~holds.held(), deletion_due_at__lte=ctx.at).order_by("deletion_due_at")
    done = sum(_finish(ctx, pk) for pk in list(due.values_list("pk", flat=True)[:100]))
    asked = Case.objects.filter(~holds.held(), deletion_asked_at__isnull=False).order_by("pk")
    return done + sum(_delete(ctx, pk) for pk in list(asked.values_list("pk", flat=True)[:100]))


def _delete(ctx: Context, case_id: UUID) -> int:
    """What a legal hold kept from being deleted goes now."""
    withdraw(ctx, case_id=case_id, scope=Scope.EVERYTHING)
    return 1


@transaction.atomic
def _finish(ctx: Context, case_id: UUID) -> bool:
    rows = Case.objects.select_for_update(of=("self",), skip_locked=True)
    case = rows.filter(pk=case_id, deletion_due_at__lte=ctx.at).first()
    if case is None or holds.is_held(case):
        return False
    withdrawal.destroy_due(ctx, case)
    return True


def _ended_then(rows: list[CasePicture], at: datetime) -> QuerySet[Entry]:
    return Entry.objects.filter(picture_id__in=[row.picture_id for row in rows], withdrawn_at=at)


def _given_up(case: Case, asked: datetime) -> list[Consent]:
    return list(Consent.objects.filter(case=case, withdrawn_at=asked).order_by("pk"))


def _review_anew(ctx: Context, rows: list[CasePicture], asked: datetime) -> None:
    """What was on a list then, or on its way to one, waits for its review; no entry comes back by itself."""
    were_shared = set(_ended_then(rows, asked).values_list("picture_id", flat=True))
    for row in rows:
        row.sharing_stopped_at = None
        row.save(update_fields=["sharing_stopped_at"])
        forgetting.keep(row.picture_id, until=ctx.at + REVIEW)
        if row.picture_id in were_shared and row.decision == Decision.NOT_LISTED:
            set_decision(ctx, row, Decision.UNDECIDED)
