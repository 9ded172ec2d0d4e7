"""The end by schedule: what is kept no longer than the agency says."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet

from cases import holds, schedules
from cases.models import Case, CasePicture, Visit
from cases.services.deciding import set_decision
from cases.services.erasing import erase
from cases.states import Decision
from hashing.lists import services as lists
from hashing.lists.models import Entry
from hashing.lists.states import OPEN, Reason
from portal.agency import selectors as agency
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.vault import services as vault
from portal.vault.models import PictureState

AFTER_PROOF = timedelta(days=90)  # for so long, the code still shows the last proof of deletion
BATCH = 100


def sweep(ctx: Context) -> int:
    """Shred pictures, erase closed cases, remove what is left of deleted ones, each in its time; how many."""
    pictures = _due_pictures(ctx).values_list("pk", flat=True)[:BATCH]
    cases = _due_cases(ctx).values_list("pk", flat=True)[:BATCH]
    over = _over(ctx).values_list("pk", flat=True)[:BATCH]
    done = sum(_shred(ctx, pk) for pk in list(pictures)) + sum(_erase(ctx, pk) for pk in list(cases))
    return done + sum(_remove(ctx, pk) for pk in list(over))


def dispose(ctx: Context, case: Case) -> None:
    """What two people approved, now, in their transaction: the files that are left, then what was written.

    `case` is locked, and nothing holds it.
    """
    for pk in case.pictures.filter(picture__shredded_at=None).values_list("pk", flat=True):
        _shred(ctx, pk)
    _erase(ctx, case.pk, reason="disposal")


def _over(ctx: Context) -> QuerySet[Case]:
    """Not while anything is shared: with their code, the person can always stop that."""
    open_entries = Entry.objects.filter(state__in=OPEN).values("picture_id")
    shared = CasePicture.objects.filter(case=OuterRef("pk"), picture_id__in=open_entries)
    return Case.objects.filter(final_proof_at__lte=ctx.at - AFTER_PROOF).filter(~Exists(shared))


def _due_pictures(ctx: Context) -> QuerySet[CasePicture]:
    """Without the person's wish to keep them, counted from their arrival; with it, from the case's end.

    Of what stays on the person's device there is nothing to destroy here while its fingerprints are shared.
    """
    keep = timedelta(days=agency.current().retention_days)
    old = Q(keep_as_evidence=False, picture__stored_at__lte=ctx.at - keep)
    closed = schedules.over(ctx.at, case="case__", unreviewed=True)
    free = ~holds.held("case") & Q(picture__held_at=None)
    shared = Entry.objects.filter(picture_id=OuterRef("picture_id"), state__in=OPEN)
    elsewhere = Q(picture__state=PictureState.ON_DEVICE) & Exists(shared)
    rows = CasePicture.objects.filter(old | closed, free, ~elsewhere, picture__shredded_at=None)
    return rows.order_by("pk")


def _due_cases(ctx: Context) -> QuerySet[Case]:
    ended = schedules.over(ctx.at, unreviewed=True)
    return Case.objects.filter(ended, ~holds.held(), destroyed_at=None).order_by("pk")


@transaction.atomic
def _shred(ctx: Context, pk: int) -> int:
    """A review that its time has ended ends with it: nobody may list what nobody can look at any more."""
    case = Case.objects.select_for_update(of=("self",)).get(pictures=pk)
    row = CasePicture.objects.select_for_update().get(pk=pk)
    if holds.is_held(case):
        return 0
    if row.decision in {Decision.UNDECIDED, Decision.PROPOSED}:
        lists.withdraw_picture(ctx, picture_id=row.picture_id, reason=Reason.NOT_ENOUGH, team=case.team_id)
        set_decision(ctx, row, Decision.NOT_LISTED)
    vault.shred(ctx, picture_id=row.picture_id, reason="retention")
    return 1


@transaction.atomic
def _remove(ctx: Context, pk: UUID) -> int:
    """The last that is left of a case goes: reference, code's wrapping, proof. Only the log knows it was.

    What the law keeps beside it (rows that protect it) keeps its bare row; then only its code ends.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=pk)
    try:
        with transaction.atomic():
            Visit.objects.filter(case=case).delete()
            case.pictures.all().delete()
            case.delete()
    except ProtectedError:
        if case.private_for_code is None:
            return 0
        case.private_for_code = case.code_salt = None
        case.save(update_fields=["private_for_code", "code_salt"])
        record(ctx, Verb.CASE_CODE_ENDED, Subject("case", pk))
        return 1
    record(ctx, Verb.CASE_REMOVED, Subject("case", pk))
    return 1


@transaction.atomic
def _erase(ctx: Context, pk: UUID, reason: str = "retention") -> int:
    rows = Case.objects.select_for_update(of=("self",), skip_locked=True)
    case = rows.filter(pk=pk, destroyed_at=None).first()
    if case is None or case.closed_at is None or holds.is_held(case):
        return 0
    for picture_id in case.pictures.values_list("picture_id", flat=True):
        vault.shred_reasons(ctx, picture_id=picture_id)
    erase(ctx, case)
    case.destroyed_at = ctx.at
    case.save()
    record(
        ctx,
        Verb.CASE_MOVED,
        Subject("case", case.id),
        before=case.state,
        after=case.state,
        reason=reason,
    )
    return 1
