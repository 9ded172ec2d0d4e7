"""The person, or the desk for them, takes back what was shared, or has everything deleted."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases import holds
from cases.models import Case, CasePicture, ConsentKind, Recipient
from cases.services import consents, same_file
from cases.services.deciding import set_decision
from cases.services.erasing import erase
from cases.services.loading import locked, locked_picture, no_such_case
from cases.services.state_changes import set_state
from cases.states import CaseState, Decision
from hashing.enrolment import forgetting
from hashing.lists import services as lists
from hashing.lists.models import Entry
from hashing.lists.states import OPEN, Reason
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import ActorKind, Context
from portal.core.errors import Conflict, Invalid
from portal.vault import services as vault


class Scope(StrEnum):
    PICTURE = "picture"  # stop sharing one picture
    FILE = "file"  # stop sharing one picture, and shred it
    SHARING = "sharing"  # stop sharing all of them; the case goes on
    DETAILS = "details"  # stop using regional codes; what else is shared stays so
    EVERYTHING = "everything"  # stop sharing, shred the pictures, destroy what was written


OF_ONE = frozenset({Scope.PICTURE, Scope.FILE})


@transaction.atomic
def withdraw(ctx: Context, *, case_id: UUID, scope: Scope, position: int | None = None) -> Case:
    """Withdraw at once; `position` names the picture for Scope.PICTURE and FILE. Can't be undone (deferring
    has what can).

    Sharing can be stopped for as long as anything is shared, also after retention has destroyed the rest, and
    while a legal hold keeps it: then what is asked to be deleted waits for the end of that.
    """
    case = _locked(ctx, case_id)
    if case.destroyed_at is not None and not is_shared(case):
        raise Conflict(_("Everything in this request has been deleted already."), code="data_destroyed")
    rows = _rows(case, scope, position)
    stop = _withhold_details if scope is Scope.DETAILS else _stop_sharing
    entries = sum(stop(ctx, case, row) for row in rows)
    if scope not in OF_ONE:
        kind = ConsentKind.REGIONAL if scope is Scope.DETAILS else None
        consents.withdraw_all(ctx, case, recipient=Recipient.PARTNERS, kind=kind)
    is_held = holds.is_held(case)
    if scope is Scope.EVERYTHING and case.destroyed_at is None:
        note(ctx, case, scope, pictures=len(rows), entries=entries, **_written(case))
        return _wait(ctx, case) if is_held else destroy(ctx, case, rows)
    note(ctx, case, scope, pictures=len(rows), entries=entries)
    if scope is Scope.FILE and not is_held:
        _shred(ctx, rows)
    case.changed_at = ctx.at
    case.save(update_fields=["changed_at"])
    return case


def note(ctx: Context, case: Case, scope: Scope, **counts: int) -> None:
    record(ctx, Verb.CASE_WITHDRAWN, Subject("case", case.id), scope=scope.value, **counts)


def _wait(ctx: Context, case: Case) -> Case:
    """A legal hold keeps the rest: `cases.sweep` destroys it once that has ended."""
    consents.withdraw_all(ctx, case)
    case.deletion_asked_at = case.deletion_asked_at or ctx.at
    case.save(update_fields=["deletion_asked_at"])
    return case


def is_shared(case: Case) -> bool:
    """Whether any picture of the case is on a list, or on its way to one."""
    pictures = case.pictures.values("picture_id")
    return Entry.objects.filter(picture_id__in=pictures, state__in=OPEN).exists()


def _locked(ctx: Context, case_id: UUID) -> Case:
    """The person's own case, or one that the desk may withdraw for them."""
    if ctx.actor.kind is not ActorKind.PERSON:
        return locked(ctx, case_id, Perm.CASE_WITHDRAW)
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None or ctx.actor.id != str(case_id):
        raise no_such_case()
    return case


def _rows(case: Case, scope: Scope, position: int | None) -> list[CasePicture]:
    if scope not in OF_ONE:
        return list(case.pictures.select_for_update().order_by("position"))
    if position is None:
        raise Invalid(_("Choose which file."), code="no_picture_chosen")
    row = locked_picture(case, position)
    return [row, *same_file.twins(row)] if scope is Scope.PICTURE else [row]


def _stop_sharing(ctx: Context, case: Case, row: CasePicture) -> int:
    """Take one picture off every list, for good; how many entries that ended."""
    entries = lists.withdraw_picture(
        ctx, picture_id=row.picture_id, reason=Reason.CONSENT_WITHDRAWN, team=case.team_id
    )
    if row.decision in {Decision.PROPOSED, Decision.LISTED}:
        set_decision(ctx, row, Decision.NOT_LISTED)
    if row.sharing_stopped_at is None:
        row.sharing_stopped_at = ctx.at
        row.save(update_fields=["sharing_stopped_at"])
    return len(entries)


def _withhold_details(ctx: Context, case: Case, row: CasePicture) -> int:
    """One picture is found by its hashes alone from here on; how many entries that changed."""
    return len(lists.withhold_regional(ctx, picture_id=row.picture_id, team=case.team_id))


def _written(case: Case) -> dict[str, int]:
    """How many links and messages go with everything: the proof of deletion says so."""
    return {"locations": case.locations.count(), "messages": case.messages.count()}


def _shred(ctx: Context, rows: list[CasePicture]) -> None:
    for row in rows:
        forgetting.keep(row.picture_id, until=None)
        vault.shred(ctx, picture_id=row.picture_id, reason="withdrawn")
        vault.shred_reasons(ctx, picture_id=row.picture_id)


def destroy(ctx: Context, case: Case, rows: list[CasePicture]) -> Case:
    """Shred the pictures and destroy what was written, and what was ticked.

    What the code opens stays until 90 days after the last proof of deletion (`cases.sweep`), so that the
    person can see that it is done: by then there is nothing left that is sealed to it.
    """
    consents.withdraw_all(ctx, case)
    case.consents.all().delete()
    _shred(ctx, rows)
    erase(ctx, case)
    case.about = case.age_route = ""
    case.circumstances = []
    case.destroyed_at = ctx.at
    set_state(ctx, case, CaseState.WITHDRAWN)
    return case


def destroy_due(ctx: Context, case: Case) -> None:
    """The days to undo are over: a locked case and all of its files go."""
    rows = list(case.pictures.select_for_update().order_by("position"))
    note(ctx, case, Scope.EVERYTHING, pictures=len(rows), entries=0, **_written(case))
    destroy(ctx, case, rows)
