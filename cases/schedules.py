"""How long what was written in a case is kept once it has ended: a number of days for each outcome."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from cases.states import CLOSED_STATES, CaseState
from portal.agency import selectors as agency


def days(outcome: CaseState) -> int:
    """The agency's own number for this outcome, or the one for everything."""
    current = agency.current()
    return int(current.retention_by_outcome.get(outcome.value, current.retention_days))


def over(at: datetime, *, case: str = "", unreviewed: bool = False) -> Q:
    """Cases (at the path `case`) whose time is over at `at`.

    With `unreviewed` also the days that two people have to look at what goes: then it goes without them.
    """
    more = agency.current().disposal_review_days if unreviewed else 0
    found = Q(pk__in=[])
    for outcome in sorted(CLOSED_STATES):
        last = at - timedelta(days=days(outcome) + more)
        found |= Q(**{f"{case}state": outcome, f"{case}closed_at__lte": last})
    return found
