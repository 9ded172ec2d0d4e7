"""Which pictures get a newer version of the regional fingerprint: owed in the database, queued by and by.

`manage.py reenrol` says what is owed; workers of the enrolment's queue do it (`upgrading`), few at a time, so
that nobody's new picture waits behind a whole list. Only pictures that are held can be fingerprinted anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from hashing.enrolment.models import Enrolment, State, Upgrade
from hashing.fingerprints.regional import table
from hashing.lists.models import Entry, List
from hashing.lists.states import OPEN
from portal.audit import unrecorded
from portal.core import clock
from portal.core.context import Context
from portal.vault import queue
from portal.vault.models import PictureState

TASK = "hashing.upgrade"
# So many are in the queue at a time.
AT_ONCE = 10
_QUEUED_FOR = timedelta(seconds=120)


@dataclass(frozen=True)
class Progress:
    """How many pictures an upgrade to the present version is for, and how many of them are owed or failed."""

    total: int
    owed: int
    failed: int

    @property
    def ended(self) -> int:
        return self.total - self.owed


@unrecorded("says what is owed; fingerprint.upgraded tells of each picture")
@transaction.atomic
def owe(ctx: Context, *, only: List | None = None) -> int:
    """An upgrade of every held picture that has an older version, or of a list's alone, is owed from now on;
    how many that adds. What failed before is tried again."""
    rows = [
        Upgrade(picture_id=pk, version=table.VERSION, owed_at=ctx.at)
        for pk in _behind(only).values_list("pk", flat=True)
    ]
    names = [field.attname for field in Upgrade._meta.fields if not field.primary_key]  # noqa: SLF001 (Django's public-by-documentation API)
    Upgrade.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["picture"], update_fields=names, batch_size=1000
    )
    return len(rows)


def progress() -> Progress:
    rows = Upgrade.objects.filter(version=table.VERSION)
    return Progress(
        rows.count(), rows.filter(state=State.OWED).count(), rows.filter(state=State.FAILED).count()
    )


@unrecorded("asks for what is owed; the work itself is recorded")
def requeue() -> int:
    """Queue what is owed and nobody is at, while few are in the queue; how many."""
    now = clock.now()
    with transaction.atomic():
        owed = Upgrade.objects.select_for_update(skip_locked=True).filter(state=State.OWED)
        waiting = owed.filter(queued_at__gte=now - _QUEUED_FOR).count()
        idle = Q(queued_at=None) | Q(queued_at__lt=now - _QUEUED_FOR)
        free = owed.filter(idle, Q(lease_until=None) | Q(lease_until__lte=now)).order_by("owed_at", "pk")
        picture_ids = list(free.values_list("pk", flat=True)[: max(0, AT_ONCE - waiting)])
        Upgrade.objects.filter(pk__in=picture_ids).update(queued_at=now)
        for picture_id in picture_ids:
            queue.send(TASK, picture_id)
    return len(picture_ids)


def _behind(only: List | None) -> QuerySet[Enrolment]:
    """Held pictures whose fingerprints are of an older version, and not being upgraded."""
    rows = Enrolment.objects.filter(
        state=State.DONE,
        version__lt=table.VERSION,
        picture__state=PictureState.CHECKED,
        picture__locked_at=None,
    )
    if only is not None:
        rows = rows.filter(pk__in=Entry.objects.filter(list=only, state__in=OPEN).values("picture_id"))
    under_way = Upgrade.objects.filter(version=table.VERSION).exclude(state=State.FAILED)
    return rows.exclude(pk__in=under_way.values("picture_id"))
