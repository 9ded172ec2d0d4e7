"""Deadlines start, stop and end with the actions that matter to them. Only other services call this.

None of it is recorded by itself: each is the consequence of an action that is, in the same transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from cases import deadlines
from cases.models import Case, Deadline, DeadlineKind, Location
from cases.states import CLOSED_STATES, CaseState, LocationState, WaitingFor
from portal.agency import selectors as agency
from portal.audit import Verb, unrecorded
from portal.core.context import Context

_UNTOUCHED = frozenset({CaseState.NEW, CaseState.VERIFIED, CaseState.TRIAGE})
_ANSWERED = frozenset(
    {LocationState.REMOVED, LocationState.PARTLY, LocationState.REFUSED, LocationState.UNREACHABLE}
)
_FOLLOWS = "a clock follows from an action that is recorded in the same transaction"


@unrecorded(_FOLLOWS)
def start(
    ctx: Context,
    case: Case,
    kind: DeadlineKind,
    *,
    due_at: datetime | None = None,
    location: Location | None = None,
    jurisdiction: str | None = None,
) -> Deadline:
    """Set a deadline, or move the open one of the same kind; without `due_at` by the agency's policy."""
    law = agency.current().jurisdiction if jurisdiction is None else jurisdiction
    row, made = Deadline.objects.get_or_create(
        case=case,
        kind=kind,
        location=location,
        met_at=None,
        ended_at=None,
        defaults={
            "jurisdiction": law,
            "set_at": ctx.at,
            "due_at": due_at or ctx.at + deadlines.how_long(kind, law),
        },
    )
    if not made and due_at is not None:
        row.due_at, row.jurisdiction = due_at, law
        row.save(update_fields=["due_at", "jurisdiction"])
    return row


@unrecorded(_FOLLOWS)
def meet(ctx: Context, case: Case, *kinds: DeadlineKind, by: Verb, location: Location | None = None) -> int:
    """The action `by` meets the case's open deadlines of these kinds; how many."""
    rows = deadlines.still_open().filter(case=case, kind__in=kinds)
    if location is not None:
        rows = rows.filter(location=location)
    return rows.update(met_at=ctx.at, met_by=by.value, paused_at=None)


@unrecorded(_FOLLOWS)
def end(ctx: Context, case: Case, *kinds: DeadlineKind, location: Location | None = None) -> int:
    """They don't matter any more; without kinds, all of the case."""
    rows = deadlines.still_open().filter(case=case)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if location is not None:
        rows = rows.filter(location=location)
    return rows.update(ended_at=ctx.at, paused_at=None)


def opened(ctx: Context, case: Case) -> None:
    """By the agency's promise where it made one (working days until requests are read), else by the rule."""
    days = agency.current().reply_days
    promised = deadlines.working_days(ctx.at, days) if days else None
    start(ctx, case, DeadlineKind.FIRST_LOOK, due_at=promised)
    start(ctx, case, DeadlineKind.RESOLVE)


def case_moved(ctx: Context, case: Case, before: CaseState, waited_for: str) -> None:
    """After a case's state has changed."""
    after = CaseState(case.state)
    if before in _UNTOUCHED and after not in _UNTOUCHED:
        meet(ctx, case, DeadlineKind.FIRST_LOOK, by=Verb.CASE_MOVED)
    if after is CaseState.RESOLVED:
        meet(ctx, case, DeadlineKind.RESOLVE, by=Verb.CASE_MOVED)
    if after is CaseState.REOPENED:
        start(ctx, case, DeadlineKind.RESOLVE)
    if waited_for == WaitingFor.PERSON:
        _resume(ctx, case)
    if case.waiting_for == WaitingFor.PERSON:
        _pause(ctx, case)
    if after in CLOSED_STATES:
        kept = {DeadlineKind.CHILD_REPORT, DeadlineKind.HOLD_ENDS}
        end(ctx, case, *(kind for kind in DeadlineKind if kind not in kept))


@unrecorded(_FOLLOWS)
def _pause(ctx: Context, case: Case) -> None:
    rows = deadlines.still_open().filter(case=case, kind__in=deadlines.PAUSED_BY_PERSON)
    rows.update(paused_at=ctx.at)


@unrecorded(_FOLLOWS)
def _resume(ctx: Context, case: Case) -> None:
    rows = deadlines.still_open().filter(case=case, paused_at__isnull=False)
    rows.update(due_at=F("due_at") + (ctx.at - F("paused_at")), paused_at=None)


def location_moved(ctx: Context, location: Location) -> None:
    """After a location's state has changed."""
    case, state = location.case, LocationState(location.state)
    if state in _ANSWERED:
        meet(ctx, case, DeadlineKind.NOTICE_ANSWER, by=Verb.LOCATION_MOVED, location=location)
    if state is LocationState.REMOVED:
        look_again(ctx, location, removed_at=ctx.at)
    if state is LocationState.FOUND:
        end(ctx, case, DeadlineKind.LOOK_AGAIN, location=location)


def looked(ctx: Context, location: Location, *, still_up: bool) -> None:
    """Somebody looked whether it is up again: the next look is further away, until there is none left."""
    case = location.case
    meet(ctx, case, DeadlineKind.LOOK_AGAIN, by=Verb.LOCATION_CHECKED, location=location)
    if not still_up and location.state == LocationState.REMOVED and location.changed_at:
        look_again(ctx, location, removed_at=location.changed_at)


def look_again(ctx: Context, location: Location, *, removed_at: datetime) -> None:
    """Set the first look that still lies ahead."""
    ahead: list[timedelta] = [after for after in deadlines.LOOK_AGAIN if removed_at + after > ctx.at]
    if ahead:
        due_at = removed_at + ahead[0]
        start(ctx, location.case, DeadlineKind.LOOK_AGAIN, due_at=due_at, location=location)


def notice_sent(ctx: Context, location: Location, *, due_at: datetime, jurisdiction: str) -> None:
    start(
        ctx,
        location.case,
        DeadlineKind.NOTICE_ANSWER,
        due_at=due_at,
        location=location,
        jurisdiction=jurisdiction,
    )
