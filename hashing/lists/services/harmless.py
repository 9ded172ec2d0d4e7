"""The agency's own set of pictures that may never be listed: add, remove; what it hits leaves the feeds."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from hashing.fingerprints.background import file, shown
from hashing.fingerprints.models import RegionalFingerprint
from hashing.fingerprints.regional import serial, table
from hashing.lists.models import Entry, EntryFingerprint, Harmless
from hashing.lists.services.withdrawing import quarantine
from hashing.lists.states import Reason, State
from hashing.matching import guard
from hashing.matching.guard import Ground
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, NotFound


def add_harmless(ctx: Context, *, data: bytes, image: Image.Image) -> tuple[Harmless, int]:
    """Keep the fingerprints of a decoded file; also how many listed entries it sent into quarantine.

    Raises Conflict for a file that is there already.
    """
    policy.require(ctx, Perm.PARTNER_MANAGE)
    own = shown.show(image)
    row = Harmless(
        sha256=hashlib.sha256(data).hexdigest(),
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
        shown=shown.dump(own),
        projection=file.projection_of(table.current()),
        added_at=ctx.at,
    )
    with transaction.atomic():
        if Harmless.objects.filter(sha256=row.sha256).exists():
            raise Conflict(_("This file is in the set already."), code="already_there")
        row.save(force_insert=True)
        hit = _listed_hits(row, Ground.of([("", own)]))
        for entry_id in hit:
            quarantine(ctx, entry_id=entry_id, reason=Reason.COLLISION)
        record(ctx, Verb.HARMLESS_ADDED, Subject("harmless", row.pk), entries=len(hit))
    return row, len(hit)


@transaction.atomic
def remove_harmless(ctx: Context, *, harmless_id: UUID) -> None:
    """Take a picture out of the set. Raises NotFound."""
    policy.require(ctx, Perm.PARTNER_MANAGE)
    row = Harmless.objects.select_for_update().filter(pk=harmless_id).first()
    if row is None:
        raise NotFound(_("There is no such file in the set."), code="no_such_harmless")
    row.delete()
    record(ctx, Verb.HARMLESS_REMOVED, Subject("harmless", harmless_id))


def _listed_hits(row: Harmless, ground: Ground) -> list[UUID]:
    """Entries on a list now that the picture would be taken for: by file, PDQ hash, or regions."""
    listed = Entry.objects.filter(state=State.LISTED)
    rows = EntryFingerprint.objects.filter(entry__in=listed)
    found = set(rows.filter(value__in=[row.sha256, row.md5]).values_list("entry_id", flat=True))
    for entry_id, variant, value in rows.filter(kind="pdq").values_list("entry_id", "variant", "value"):
        if entry_id not in found and guard.check(None, {variant: value}, ground).hits:
            found.add(entry_id)
    pictures = RegionalFingerprint.objects.filter(
        version=table.VERSION, picture__in=listed.values("picture_id")
    )
    hit = {own.picture_id for own in pictures.iterator() if guard.thinned(serial.parse(own.codes), ground)[1]}
    found |= set(listed.filter(picture_id__in=hit).values_list("pk", flat=True))
    return sorted(found)
