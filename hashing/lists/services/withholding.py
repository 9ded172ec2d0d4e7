"""The person takes back their consent to regional codes alone: what is listed stays so, without them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from hashing.lists.digests import digest
from hashing.lists.entries import record_entry
from hashing.lists.models import Entry
from hashing.lists.services.withdrawing import require_withdrawing
from hashing.lists.states import OPEN, State
from portal.audit import Verb
from portal.core.context import Context


def withhold_regional(ctx: Context, *, picture_id: UUID, team: UUID | None = None) -> list[Entry]:
    """From here on no look-up of a partner finds the picture by its regional codes, and no feed shows them.

    A listed entry gets a new line in the feed, so that partners that hold its codes drop them. The codes
    themselves are deleted with the picture. None is no error.
    """
    with transaction.atomic():
        require_withdrawing(ctx, team)
        open_entries = Entry.objects.select_for_update(of=("self",), no_key=True).select_related("list")
        entries = list(
            open_entries.filter(picture_id=picture_id, state__in=OPEN, regional=True).order_by("pk")
        )
        for entry in entries:
            _withhold(ctx, entry)
        return entries


def _withhold(ctx: Context, entry: Entry) -> None:
    entry.regional = False
    if entry.state == State.LISTED:
        entry.published = ""  # the publisher owes it a line
    elif entry.state == State.PROPOSED:
        entry.digest = digest(entry, entry.fingerprints.all())
    entry.save(update_fields=["regional", "published", "digest"])
    record_entry(ctx, Verb.ENTRY_CODES_WITHHELD, entry)
