"""Public figures of the lists, without any count that is so small that it could tell of somebody."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.db.models import Count, Model, Q, QuerySet
from django.db.models.functions import TruncMonth

from hashing.lists.models import Entry, Feedback, Quarantine, Statement
from hashing.lists.reports import Value
from hashing.lists.states import NEEDS_TWO, Rule, State
from portal.core import clock

LEAST = 5
MONTHS = 12
CACHE_SECONDS = 300.0
RECENT = timedelta(days=90)
_SPEED = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY took),
  percentile_cont(0.9) WITHIN GROUP (ORDER BY took)
FROM (
  SELECT extract(epoch FROM line.at - entry.withdrawn_at) AS took
  FROM hashing_entry entry
  JOIN LATERAL (
    SELECT min(at) AS at FROM hashing_publication
    WHERE entry_id = entry.id AND state = 'withdrawn' AND at >= entry.withdrawn_at
  ) line ON line.at IS NOT NULL
  WHERE entry.state = 'withdrawn' AND entry.withdrawn_at >= %s AND entry.rule <> 'sandbox'
) waits
"""


@dataclass(frozen=True)
class Month:
    """Counts of one month; None is fewer than five, none at all included."""

    first: date
    listed: int | None
    withdrawn: int | None
    quarantined: int | None
    disputed: int | None

    @property
    def is_quiet(self) -> bool:
        return {self.listed, self.withdrawn, self.quarantined, self.disputed} == {None}


@dataclass(frozen=True)
class Figures:
    """reviewed: what share of the active entries two people decided on, in percent. usual, most: seconds from
    a withdrawal to the feed, the median and for nine of ten, in the last 90 days. None: too few to say."""

    months: list[Month]
    reviewed: int | None
    usual: float | None
    most: float | None
    statements: list[Statement]


@dataclass
class _Remembered:
    figures: Figures | None = None
    until: float = 0.0


_remembered = _Remembered()


def current() -> Figures:
    """The figures, at most five minutes old: a public page must not cost a walk over the tables each time."""
    if _remembered.figures is None or time.monotonic() >= _remembered.until:
        _remembered.figures, _remembered.until = _load(), time.monotonic() + CACHE_SECONDS
    return _remembered.figures


def forget() -> None:
    _remembered.figures = None


def statements_of(slug: str) -> list[Statement]:
    """All statements of a list, the newest first; none for a list that there isn't."""
    return list(Statement.objects.filter(list__slug=slug.replace("\0", "?")).order_by("-day"))


def _load() -> Figures:
    usual, most = _speed()
    last = Statement.objects.select_related("list").order_by("list", "-day").distinct("list")
    return Figures(_months(), _reviewed_share(), usual, most, sorted(last, key=lambda row: row.list.slug))


def _months() -> list[Month]:
    firsts = _firsts(clock.now().astimezone(UTC).date())
    since = datetime(firsts[-1].year, firsts[-1].month, 1, tzinfo=UTC)
    entries = Entry.objects.exclude(rule=Rule.SANDBOX)
    quarantines = Quarantine.objects.exclude(entry__rule=Rule.SANDBOX)
    disputes = Feedback.objects.filter(value=Value.DISPUTED).exclude(entry__rule=Rule.SANDBOX)
    gone = entries.filter(listed_at__isnull=False)
    columns = [
        _by_month(entries, "listed_at", since, "pk"),
        _by_month(gone, "withdrawn_at", since, "pk"),
        _by_month(quarantines, "opened_at", since, "entry"),
        _by_month(disputes, "received_at", since, "entry"),
    ]
    return [Month(first, *(shown(column.get(first, 0)) for column in columns)) for first in firsts]


def _firsts(today: date) -> list[date]:
    """The first day of this month and of those before, the newest first."""
    month = today.year * 12 + today.month - 1
    return [date((month - n) // 12, (month - n) % 12 + 1, 1) for n in range(MONTHS)]


def _by_month(rows: QuerySet[Model], field: str, since: datetime, what: str) -> dict[date, int]:
    """How many different ones there were in each month."""
    counted = (
        rows.filter(**{f"{field}__gte": since})
        .annotate(month=TruncMonth(field, tzinfo=UTC))
        .values("month")
        .annotate(number=Count(what, distinct=True))
        .order_by()
    )
    return {row["month"].date(): row["number"] for row in counted}


def shown(number: int) -> int | None:
    return number if number >= LEAST else None


def _reviewed_share() -> int | None:
    active = Entry.objects.filter(state=State.LISTED).exclude(rule=Rule.SANDBOX)
    found = active.aggregate(all=Count("pk"), reviewed=Count("pk", filter=Q(rule__in=NEEDS_TWO)))
    rest = found["all"] - found["reviewed"]
    if found["all"] < LEAST or any(0 < part < LEAST for part in (rest, found["reviewed"])):
        return None
    return round(100 * int(found["reviewed"]) / int(found["all"]))


def _speed() -> tuple[float | None, float | None]:
    with connection.cursor() as cursor:
        cursor.execute(_SPEED, [clock.now() - RECENT])
        count, usual, most = cursor.fetchone()
    return (round(usual, 1), round(most, 1)) if count >= LEAST else (None, None)
