"""How long each clock runs, by whose rule; and the open ones, most urgent first.

The clocks of notices come from their laws (cases.notices.regimes), the rest from here: an agency's promise
to the people who report, and its own duty once a child is suspected.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min, QuerySet

from cases.models import Case, Deadline, DeadlineKind
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.core import clock
from portal.core.context import Actor

# (kind, jurisdiction) → how long; "" is every other country.
POLICY: dict[tuple[DeadlineKind, str], timedelta] = {
    (DeadlineKind.FIRST_LOOK, ""): timedelta(hours=48),
    (DeadlineKind.RESOLVE, ""): timedelta(days=28),
    (DeadlineKind.CHILD_REPORT, ""): timedelta(hours=24),
}
# It stays where it was removed from: looked at again after a day, a week, a month.
LOOK_AGAIN = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
# What the person must answer first stops these; a platform's clock and a duty to report never stop.
PAUSED_BY_PERSON = frozenset({DeadlineKind.FIRST_LOOK, DeadlineKind.RESOLVE})
SOON = timedelta(hours=6)
_SATURDAY = 5


def how_long(kind: DeadlineKind, jurisdiction: str) -> timedelta:
    return POLICY.get((kind, jurisdiction)) or POLICY[kind, ""]


def working_days(start: datetime, days: int) -> datetime:
    """The same time of day, so many days from Monday to Friday later."""
    at = start
    while days:
        at += timedelta(days=1)
        days -= at.weekday() < _SATURDAY
    return at


def still_open() -> QuerySet[Deadline]:
    return Deadline.objects.filter(met_at=None, ended_at=None)


@dataclass(frozen=True)
class Urgency:
    """How a deadline stands now; `tone` repeats it as a colour."""

    is_paused: bool
    is_over: bool
    is_soon: bool


def urgency(row: Deadline, now: datetime | None = None) -> Urgency:
    left = row.due_at - (now or clock.now())
    paused = row.paused_at is not None
    return Urgency(
        is_paused=paused,
        is_over=not paused and left < timedelta(0),
        is_soon=not paused and timedelta(0) <= left <= SOON,
    )


def of_teams(actor: Actor, *, mine: bool = False) -> QuerySet[Deadline]:
    """Running deadlines of the viewer's teams, most urgent first; paused ones come last by their own page."""
    policy.require_role(actor, Perm.CASE_READ)
    rows = still_open().filter(case__team__in=actor.teams, paused_at=None)
    if mine:
        rows = rows.filter(case__assignee=UUID(actor.id))
    return rows.select_related("case__assignee", "location").order_by("due_at", "pk")


def of_case(actor: Actor, case: Case) -> list[Deadline]:
    """All open ones, paused too; one query."""
    policy.require(actor, Perm.CASE_READ, team=case.team_id)
    return list(still_open().filter(case=case).select_related("location").order_by("due_at", "pk"))


def nearest(cases: Iterable[Case]) -> dict[UUID, datetime]:
    """By case: when its first running deadline is due; one query for all of them."""
    rows = still_open().filter(case__in=list(cases), paused_at=None).order_by()
    return {row["case"]: row["due"] for row in rows.values("case").annotate(due=Min("due_at"))}
