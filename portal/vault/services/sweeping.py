"""What is owed by the clock: ended reveals, pictures whose time has come, bytes and keys left behind."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from portal import audit
from portal.audit import Subject, Verb, unrecorded
from portal.core import clock
from portal.core.context import Context
from portal.crypto import keyring
from portal.vault import storage
from portal.vault.models import ErasedEpoch, Picture, Rendition, RenditionKind, Reveal
from portal.vault.services.shredding import destroy_bytes, shred

# Longer than any request or task may last.
ORPHAN_AFTER = timedelta(hours=2)
ORPHAN_DAYS = 7
# An upload that began before midnight may still be accepted under the day before.
EPOCH_AFTER = timedelta(days=2)
_BATCH = 200


def sweep(ctx: Context) -> None:
    """Each part stands alone and may be repeated: a crash anywhere leaves the rest to the next run."""
    shred_due(ctx)
    end_reveals(ctx)
    remove_shredded_bytes()
    remove_orphans()
    erase_epochs(ctx)


def shred_due(ctx: Context) -> None:
    due = Picture.objects.filter(shredded_at=None, held_at=None, shred_due_at__lte=clock.now())
    for picture_id in due.values_list("pk", flat=True)[:_BATCH]:
        shred(ctx, picture_id=picture_id, reason="retention")


@unrecorded("the minute that picture.revealed tells of is over")
@transaction.atomic
def end_reveals(ctx: Context) -> None:
    """Shred what was shown for its minute, or not opened in time."""
    now = clock.now()
    over = Rendition.objects.select_for_update(of=("self",)).filter(
        Q(expires_at__lte=now) | Q(reveal__closes_at__lte=now), kind=RenditionKind.REVEAL, shredded_at=None
    )
    for rendition in over[:_BATCH]:
        rendition.wrapped_key = None
        rendition.shredded_at = ctx.at
        rendition.save(update_fields=["wrapped_key", "shredded_at"])


def remove_shredded_bytes() -> None:
    destroy_bytes(Picture.objects.filter(shredded_at__isnull=False, bytes_gone_at=None)[:_BATCH])
    destroy_bytes(Rendition.objects.filter(shredded_at__isnull=False, bytes_gone_at=None)[:_BATCH])


def remove_orphans() -> None:
    """Ciphertext of uploads and renderings that never became a row: nobody has its key."""
    now = clock.now()
    for back in range(ORPHAN_DAYS):
        names = set(storage.names_before(now.date() - timedelta(days=back), now - ORPHAN_AFTER))
        for model in (Picture, Rendition):
            known = model._default_manager.filter(storage_name__in=names)  # noqa: SLF001 (Django's API)
            names -= set(known.values_list("storage_name", flat=True))
        for name in names:
            storage.destroy(name)


def erase_epochs(ctx: Context) -> None:
    """Once nothing of a day can be opened, its key goes too, and with it every copy in a backup."""
    before = clock.now().date() - EPOCH_AFTER
    days: set[date] = set()
    alive: set[date] = set()
    for model in (Picture, Rendition):
        rows = model._default_manager.filter(epoch__lt=before)  # noqa: SLF001 (Django's API)
        days |= set(rows.values_list("epoch", flat=True).distinct())
        alive |= set(rows.filter(shredded_at=None).values_list("epoch", flat=True).distinct())
    erased = set(ErasedEpoch.objects.filter(day__in=days).values_list("day", flat=True))
    for day in sorted(days - alive - erased):
        _erase(ctx, day)


@transaction.atomic
def _erase(ctx: Context, day: date) -> None:
    """The file goes last: after a crash the row is missing and the erasure is repeated, never forgotten."""
    _row, created = ErasedEpoch.objects.get_or_create(day=day, defaults={"erased_at": ctx.at})
    if created:
        audit.record(ctx, Verb.KEY_ERASED, Subject("epoch", day.isoformat()), epoch=day)
        keyring.current().erase_epoch(day)


def owed_reveals() -> list[UUID]:
    """Requests that the broker may have lost: still waiting after a few seconds, not yet lapsed."""
    now = clock.now()
    waiting = Reveal.objects.filter(
        ready_at=None,
        failed_at=None,
        requested_at__range=(now - timedelta(minutes=5), now - timedelta(seconds=10)),
    )
    return list(waiting.values_list("pk", flat=True)[:_BATCH])
