"""What an auditor should look at: many reveals, odd hours, and other people's cases.

None of it is proof of anything; a supervisor has reasons to read every case of the team. Whose a case is,
is asked of today: a case that changed hands shows its former caseworker.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Verb, sight
from portal.core import clock
from portal.core.context import Actor

DAYS = 30
MANY_REVEALS = 10
FIRST_HOUR, LAST_HOUR = 7, 20
_MOST = 100

_COUNT = """
SELECT e.actor_id, (e.at AT TIME ZONE %(zone)s)::date AS day, count(*), max(s.name)
FROM audit_entry AS e JOIN accounts_staff AS s ON s.id::text = e.actor_id {more}
WHERE e.actor_kind = 'staff' AND e.verb = ANY(%(verbs)s) AND e.at >= %(since)s {only}
GROUP BY 1, 2 {having} ORDER BY 2 DESC, 3 DESC LIMIT %(most)s
"""
_REVEALS = _COUNT.format(more="", only="", having="HAVING count(*) >= %(many)s")
_HOURS = _COUNT.format(
    more="",
    only="""
    AND (extract(hour FROM e.at AT TIME ZONE %(zone)s) NOT BETWEEN %(first)s AND %(last)s
         OR extract(isodow FROM e.at AT TIME ZONE %(zone)s) > 5)""",
    having="",
)
_OTHERS = _COUNT.format(
    more="""
    LEFT JOIN cases_casepicture AS p ON e.subject_type = 'picture' AND p.picture_id::text = e.subject_id
    JOIN cases_case AS c ON c.id::text = coalesce(p.case_id::text, e.subject_id)""",
    only="AND c.assignee_id IS NOT NULL AND c.assignee_id::text <> e.actor_id",
    having="",
)


@dataclass(frozen=True)
class Day:
    """How often a member of staff did it on a day."""

    staff_id: str
    day: date
    count: int
    name: str


@dataclass(frozen=True)
class Unusual:
    """Of the last 30 days, newest first, at most 100 lines each."""

    reveals: list[Day]
    hours: list[Day]
    others: list[Day]


def recent(actor: Actor, *, days: int = DAYS) -> Unusual:
    """Perm audit.read."""
    policy.require(actor, Perm.AUDIT_READ)
    since = clock.now() - timedelta(days=days)
    return Unusual(
        reveals=_days(_REVEALS, since, [Verb.PICTURE_REVEAL_REQUESTED]),
        hours=_days(_HOURS, since, sorted(sight.OPENINGS)),
        others=_days(_OTHERS, since, sorted(sight.OPENINGS)),
    )


def _days(statement: str, since: datetime, verbs: list[Verb]) -> list[Day]:
    values: dict[str, Any] = {
        "zone": settings.TIME_ZONE,
        "verbs": [str(verb) for verb in verbs],
        "since": since,
        "many": MANY_REVEALS,
        "first": FIRST_HOUR,
        "last": LAST_HOUR - 1,
        "most": _MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Day(*row) for row in cursor.fetchall()]
