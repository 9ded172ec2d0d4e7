"""The two rules that take an entry off the feed by themselves, each stated in docs/partners.md.

Disputed: of the partners that may pull the list now, as many as DISPUTES, or all if they are fewer, dispute
it, in reports received since two people last restored it.

Over-matching: in the last seven days it matched at least LEAST_UPLOADS uploads, and the logarithm of that
lies more than SCORE robust standard deviations (1.4826 times the median absolute deviation, but never less
than LEAST_SPREAD) above the median of the list's entries that matched at all. Unless a tenth of its matches
was confirmed by people at partners: that is a picture that spreads, not a fingerprint that matches too much.
So that no partner can empty a list by numbers that nobody else sees: of what is so far above the rest only
with one partner's reports, ALONE entries of a list are in quarantine at a time; the next waits for judges.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum

from hashing.lists.entries import locked_entry
from hashing.lists.models import Entitlement, Entry, Feedback, List, MatchDay, Quarantine
from hashing.lists.models.quarantine import Outcome
from hashing.lists.reports import Value
from hashing.lists.services.withdrawing import quarantine_if_listed
from hashing.lists.states import Reason, State
from portal.core.context import Context

DISPUTES = 2
WINDOW = timedelta(days=7)
LEAST_UPLOADS = 100
SCORE = 6.0
LEAST_SPREAD = 0.5
CONFIRMED_SHARE = 0.1
ALONE = 5
_NORMAL = 1.4826


def dispute_threshold_reached(entry: Entry) -> dict[str, int] | None:
    """The figures, if enough partners dispute the entry; else None."""
    restored = Quarantine.objects.filter(entry=entry, outcome=Outcome.RESTORED).order_by("-closed_at").first()
    entitled = Entitlement.objects.filter(list_id=entry.list_id, partner__is_active=True)
    disputes = Feedback.objects.filter(
        entry=entry, standing=True, value=Value.DISPUTED, partner__in=entitled.values("partner")
    )
    if restored is not None:
        disputes = disputes.filter(received_at__gt=restored.closed_at)
    count, needed = disputes.count(), max(1, min(DISPUTES, entitled.count()))
    return {"disputes": count, "needed": needed} if count >= needed else None


def watch_matches(ctx: Context) -> int:
    """Quarantine the entries of all lists that match far more than their list's; how many those were."""
    return sum(_watch(ctx, each) for each in List.objects.order_by("slug"))


def _watch(ctx: Context, hash_list: List) -> int:
    found, days = 0, _days(hash_list, ctx.at.date())
    for entry_id, figures in over_matching(_week(days)):
        with transaction.atomic():
            entry = locked_entry(entry_id)
            alone = _alone(days, figures, entry)
            if not (_judged_for_this(entry, figures) or _too_many(hash_list, alone)):
                found += quarantine_if_listed(
                    ctx, entry, reason=Reason.OVER_MATCHING, figures=figures | alone
                )
    return found


def _days(hash_list: List, today: date) -> QuerySet[MatchDay]:
    """The window, of the entries that are listed now."""
    return MatchDay.objects.filter(
        entry__list=hash_list, entry__state=State.LISTED, day__gt=today - WINDOW, uploads__gt=0
    )


def _week(days: QuerySet[MatchDay]) -> list[tuple[UUID, int, int]]:
    """Each entry's matches and confirmed ones; entries that matched nothing are left out. The most first."""
    sums = days.values("entry").annotate(total=Sum("uploads"), sure=Sum("confirmed"))
    return [(row["entry"], row["total"], row["sure"]) for row in sums.order_by("-total", "entry")]


def _alone(days: QuerySet[MatchDay], figures: dict[str, int], entry: Entry) -> dict[str, int]:
    """The number of the partner without whose reports the entry were below the limit, if there is one."""
    sums = days.filter(entry=entry, partner__isnull=False).values("partner__number")
    loudest = sums.annotate(total=Sum("uploads")).order_by("-total").first()
    if loudest is None or figures["uploads"] - loudest["total"] >= figures["limit"]:
        return {}
    return {"partner": loudest["partner__number"]}


def _too_many(hash_list: List, alone: dict[str, int]) -> bool:
    """Whether as many entries as may are in quarantine by this partner's numbers."""
    if not alone:
        return False
    held = Quarantine.objects.filter(
        entry__list=hash_list, cause=Reason.OVER_MATCHING, closed_at=None, figures__partner=alone["partner"]
    )
    return held.count() >= ALONE


def over_matching(week: Sequence[tuple[UUID, int, int]]) -> list[tuple[UUID, dict[str, int]]]:
    """Those far above the rest, with the figures that show it. (entry, uploads, confirmed) each."""
    logs = [math.log1p(uploads) for _entry, uploads, _sure in week]
    middle = median(logs) if logs else 0.0
    spread = max(LEAST_SPREAD, _NORMAL * median(abs(each - middle) for each in logs)) if logs else 0.0
    limit = max(LEAST_UPLOADS, math.ceil(math.expm1(middle + SCORE * spread))) if logs else 0
    rest = {"limit": limit, "median": round(math.expm1(middle)), "entries": len(week)}
    return [
        (entry, {"uploads": uploads, "confirmed": sure} | rest)
        for entry, uploads, sure in week
        if uploads >= limit and sure < CONFIRMED_SHARE * uploads
    ]


def _judged_for_this(entry: Entry, figures: dict[str, int]) -> bool:
    """Two people have put it back knowing of as many matches: it takes twice as many to ask them again."""
    last = Quarantine.objects.filter(entry=entry, outcome=Outcome.RESTORED).order_by("-closed_at").first()
    return last is not None and figures["uploads"] < 2 * int(last.figures.get("uploads", 0))
