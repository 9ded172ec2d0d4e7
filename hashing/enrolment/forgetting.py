"""The end of fingerprints: they live while their picture does, or while it is on a list."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from hashing.fingerprints.models import Fingerprint, RegionalFingerprint
from hashing.lists.models import Entry
from hashing.lists.states import OPEN
from portal import audit
from portal.audit import Subject, Verb
from portal.core.context import Context
from portal.vault.models import Picture

BATCH = 200


def forget(ctx: Context) -> int:
    """Delete what is left of pictures that are destroyed and neither on a list nor proposed for one; how many
    pictures that were. A crash in between leaves the rest to the next run."""
    picture_ids = list(_over().values_list("pk", flat=True)[:BATCH])
    return sum(_forget(ctx, pk) for pk in picture_ids)


def _over() -> QuerySet[Picture]:
    has_any = Q(Exists(Fingerprint.objects.filter(picture=OuterRef("pk")))) | Q(
        Exists(RegionalFingerprint.objects.filter(picture=OuterRef("pk")))
    )
    on_list = Entry.objects.filter(picture_id=OuterRef("pk"), state__in=OPEN)
    return Picture.objects.filter(has_any, ~Exists(on_list), shredded_at__isnull=False).order_by(
        "shredded_at"
    )


@transaction.atomic
def _forget(ctx: Context, picture_id: UUID) -> bool:
    """Nothing that is destroyed can be proposed any more, so no list can begin to need it meanwhile."""
    Picture.objects.select_for_update().get(pk=picture_id)
    if not _over().filter(pk=picture_id).exists():
        return False
    regional, _ = RegionalFingerprint.objects.filter(picture=picture_id).delete()
    count, _ = Fingerprint.objects.filter(picture=picture_id).delete()
    subject = Subject("picture", picture_id)
    audit.record(ctx, Verb.FINGERPRINT_FORGOTTEN, subject, count=count, regional=regional)
    return True
