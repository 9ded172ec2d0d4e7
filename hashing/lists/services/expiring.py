"""Forget withdrawn values once their time is over."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from hashing.lists import records
from hashing.lists.models import Submission, WebhookDelivery
from hashing.lists.models.submissions import SubmissionState
from hashing.lists.services.submitting import refuse_submission
from hashing.lists.states import Reason
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict

KEPT = timedelta(days=90)
BATCH = 1000


LOGGED = timedelta(days=30)


def forget_deliveries(ctx: Context) -> int:
    """Delete what webhooks were told, 30 days after it ended; how many lines there were."""
    with transaction.atomic():
        count, _ = WebhookDelivery.objects.filter(ended_at__lt=ctx.at - LOGGED).delete()
        if count:
            record(ctx, Verb.LIST_EXPIRED, Subject("wire", "webhooks"), records=count)
        return count


def expire_tombstones() -> int:
    """Delete the StopNCII wire's tombstones of more than 45 days; how many there were."""
    with transaction.atomic():
        count = records.expire()
        if count:
            record(
                Context.system("hashing.expire"),
                Verb.LIST_EXPIRED,
                Subject("wire", "stopncii"),
                records=count,
            )
        return count


def expire_submissions(ctx: Context) -> int:
    """Refuse what partners submitted and nobody linked to a case in 90 days; how many those were."""
    waiting = Submission.objects.filter(state=SubmissionState.WAITING, received_at__lt=ctx.at - KEPT)
    ids = list(waiting.order_by("received_at").values_list("pk", flat=True)[:BATCH])
    return sum(_expire(ctx, pk) for pk in ids)


def _expire(ctx: Context, submission_id: UUID) -> bool:
    try:
        refuse_submission(ctx, submission_id=submission_id, reason=Reason.NOT_ENOUGH, team=None)
    except Conflict:
        return False  # somebody has decided on it meanwhile
    return True
