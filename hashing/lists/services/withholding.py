"""The person takes back their consent to regional codes alone, or gives it later: what is listed stays so,
without them or with them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hashing.fingerprints.models import RegionalFingerprint
from hashing.fingerprints.regional.serial import FEWEST_REGIONS
from hashing.lists import guarding
from hashing.lists.digests import digest
from hashing.lists.entries import record_entry
from hashing.lists.models import Entry
from hashing.lists.services.withdrawing import require_withdrawing
from hashing.lists.states import OPEN, Rule, State
from portal.audit import Verb
from portal.core.context import ActorKind, Context
from portal.core.errors import NotAllowed


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
            _change(ctx, entry, Verb.ENTRY_CODES_WITHHELD, regional=False)
        return entries


def allow_regional(ctx: Context, *, picture_id: UUID) -> list[Entry]:
    """From here on its regional codes answer where the picture is listed or proposed, and feeds show them.

    Only the person consents, so only they may. Nothing changes where there are no codes (any more), where
    they would match something harmless that was added since, or for a partner's submission: its picture's own
    codes are not what was approved.
    """
    if ctx.actor.kind is not ActorKind.PERSON:
        raise NotAllowed(_("Only the person can allow this."), code="person_only")
    with transaction.atomic():
        wanted = Entry.objects.filter(picture_id=picture_id, state__in=OPEN, regional=False, submission=None)
        wanted = wanted.exclude(rule=Rule.SANDBOX)
        if not wanted.exists() or not _has_good_codes(ctx, picture_id):
            return []
        locked = wanted.select_for_update(of=("self",)).select_related("list").order_by("pk")
        entries = list(locked)
        for entry in entries:
            _change(ctx, entry, Verb.ENTRY_CODES_ALLOWED, regional=True)
        return entries


def _has_good_codes(ctx: Context, picture_id: UUID) -> bool:
    made = RegionalFingerprint.objects.filter(picture=picture_id, count__gte=FEWEST_REGIONS)
    if not made.exists():
        return False
    check = guarding.examine(ctx, picture_id=picture_id)
    return not (check.refused or check.dropped)


def _change(ctx: Context, entry: Entry, verb: Verb, *, regional: bool) -> None:
    entry.regional = regional
    if entry.state == State.LISTED:
        entry.published = ""  # the publisher owes it a line
    elif entry.state == State.PROPOSED:
        entry.digest = digest(entry, entry.fingerprints.all())
    entry.save(update_fields=["regional", "published", "digest"])
    record_entry(ctx, verb, entry)
