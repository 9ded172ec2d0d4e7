"""The two rules that take an entry off the feed by themselves, each stated in docs/partners.md.

Disputed: as many partners as DISPUTES, or all that may pull the list if they are fewer, dispute it now, in
reports received since two people last restored it.

Over-matching: in the last seven days it matched at least LEAST_UPLOADS uploads, and the logarithm of that
lies more than SCORE robust standard deviations (1.4826 times the median absolute deviation, but never less
than LEAST_SPREAD) above the median of the list's entries that matched at all. Unless a tenth of its matches
was confirmed by people at partners: that is a picture that spreads, not a fingerprint that matches too much.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

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
_NORMAL = 1.4826


def dispute_threshold_reached(entry: Entry) -> dict[str, int] | None:
    """The figures, if enough partners dispute the entry; else None."""
    restored = Quarantine.objects.filter(entry=entry, outcome=Outcome.RESTORED).order_by("-closed_at").first()
    disputes = Feedback.objects.filter(entry=entry, standing=True, value=Value.DISPUTED)
    if restored is not None:
        disputes = disputes.filter(received_at__gt=restored.closed_at)
    entitled = Entitlement.objects.filter(list_id=entry.list_id, partner__is_active=True).count()
    count, needed = disputes.count(), max(1, min(DISPUTES, entitled))
    return {"disputes": count, "needed": needed} if count >= needed else None


def watch_matches(ctx: Context) -> int:
    """Quarantine the entries of all lists that match far more than their list's; how many those were."""
    return sum(_watch(ctx, each) for each in List.objects.order_by("slug"))


def _watch(ctx: Context, hash_list: List) -> int:
    found = 0
    for entry_id, figures in over_matching(_week(hash_list, ctx.at.date())):
        with transaction.atomic():
            entry = Entry.objects.select_for_update(of=("self",)).select_related("list").get(pk=entry_id)
            if not _judged_for_this(entry, figures):
                found += quarantine_if_listed(ctx, entry, reason=Reason.OVER_MATCHING, figures=figures)
    return found


def _week(hash_list: List, today: date) -> list[tuple[UUID, int, int]]:
    """Each entry's matches and confirmed ones in the window; entries that matched nothing are left out."""
    days = MatchDay.objects.filter(
        entry__list=hash_list, entry__state=State.LISTED, day__gt=today - WINDOW, uploads__gt=0
    )
    sums = days.values("entry").annotate(total=Sum("uploads"), sure=Sum("confirmed")).order_by("entry")
    return [(row["entry"], row["total"], row["sure"]) for row in sums]


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
