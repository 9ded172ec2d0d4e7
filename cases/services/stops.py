"""Tell people that partners have stopped uploads of theirs: neutrally, and at most once a day."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum

from cases.models import Case, CasePicture
from cases.services import updates
from hashing.lists import selectors as lists
from hashing.lists.models import Feedback
from hashing.lists.reports import STOPPED
from portal.audit import Subject, Verb, record
from portal.core.context import Context

EVERY = timedelta(days=1)
_BATCH = 100


def tell(ctx: Context) -> int:
    """Owe a notice for each case with stopped uploads that its person was not told of; how many cases.

    Who wants no message is told of nothing, and sees it on their page all the same.
    """
    stopped = Feedback.objects.filter(
        entry__picture_id=OuterRef("picture_id"), current=True, value__in=STOPPED
    )
    sums = stopped.order_by().values("entry__picture_id").annotate(all=Sum("total")).values("all")
    news = CasePicture.objects.annotate(now=Subquery(sums)).filter(now__gt=F("stops_told"))
    waited = Q(stops_told_at=None) | Q(stops_told_at__lte=ctx.at - EVERY)
    due = Case.objects.filter(waited, pictures__in=news, private_for_desk__isnull=False).distinct()
    return sum(_tell(ctx, pk) for pk in list(due.order_by("pk").values_list("pk", flat=True)[:_BATCH]))


@transaction.atomic
def _tell(ctx: Context, case_id: UUID) -> bool:
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    rows = list(case.pictures.select_for_update().order_by("position"))
    now = lists.stopped_uploads([row.picture_id for row in rows])
    more = sum(max(now.get(row.picture_id, 0) - row.stops_told, 0) for row in rows)
    waited = case.stops_told_at is None or case.stops_told_at <= ctx.at - EVERY
    if not more or not waited:
        return False
    for row in rows:
        row.stops_told = now.get(row.picture_id, 0)
        row.save(update_fields=["stops_told"])
    case.stops_told_at = ctx.at
    case.save(update_fields=["stops_told_at"])
    updates.tell(ctx, case)
    record(ctx, Verb.CASE_STOPS_TOLD, Subject("case", case.pk), stopped=more)
    return True
