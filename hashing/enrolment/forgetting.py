"""The end of fingerprints: they live while their picture does, or while it is on a list. There regional codes
do so only where the person consented to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from hashing.enrolment.models import Enrolment
from hashing.fingerprints.models import Fingerprint, RegionalFingerprint
from hashing.lists.models import Entry
from hashing.lists.states import OPEN
from portal import audit
from portal.audit import Subject, Verb, unrecorded
from portal.core import clock
from portal.core.context import Context
from portal.vault.models import Picture

BATCH = 200


def forget(ctx: Context) -> int:
    """Delete what no list may keep of pictures that are destroyed; how many pictures that were. A crash in
    between leaves the rest to the next run."""
    picture_ids = list(_over().values_list("pk", flat=True)[:BATCH])
    return sum(_forget(ctx, pk) for pk in picture_ids)


def _over() -> QuerySet[Picture]:
    hashes = Exists(Fingerprint.objects.filter(picture=OuterRef("pk")))
    regional = Exists(RegionalFingerprint.objects.filter(picture=OuterRef("pk")))
    on_list = Entry.objects.filter(picture_id=OuterRef("pk"), state__in=OPEN)
    kept = Exists(Enrolment.objects.filter(pk=OuterRef("pk"), kept_until__gt=clock.now()))
    over = (Q(hashes) & ~Exists(on_list)) | (Q(regional) & ~Exists(on_list.filter(regional=True)))
    return Picture.objects.filter(over, ~kept, shredded_at__isnull=False).order_by("shredded_at")


@transaction.atomic
def _forget(ctx: Context, picture_id: UUID) -> bool:
    """Nothing that is destroyed can be proposed any more unless it is kept, so no list can begin to need it
    meanwhile."""
    Picture.objects.select_for_update().get(pk=picture_id)
    if not _over().filter(pk=picture_id).exists():
        return False
    on_list = Entry.objects.filter(picture_id=picture_id, state__in=OPEN)
    regional = count = 0
    if not on_list.filter(regional=True).exists():
        regional, _ = RegionalFingerprint.objects.filter(picture=picture_id).delete()
    if not on_list.exists():
        count, _ = Fingerprint.objects.filter(picture=picture_id).delete()
    subject = Subject("picture", picture_id)
    audit.record(ctx, Verb.FINGERPRINT_FORGOTTEN, subject, count=count, regional=regional)
    return True


@unrecorded("the deletion that waits, or its undoing, is recorded by the case")
def keep(picture_id: UUID, *, until: datetime | None) -> None:
    """Keep what was made of a picture although it is destroyed and on no list; None: no longer."""
    Enrolment.objects.filter(pk=picture_id).update(kept_until=until)
