"""What an index of pictures has to read: everything at first, then what changed since a marker.

`since(0)` gives every picture once; `since(marker)` those that changed after it, removals among them (a
picture with nothing to find it by any more). Ask again with the number of the last one. The answer is the
state of now, not a history: reading one twice, or late, does no harm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from hashing.fingerprints.models import Box, Change, Fingerprint, Kind, RegionalFingerprint
from hashing.fingerprints.pdq import ORIENTATIONS
from hashing.lists.models import Entry, EntryFingerprint
from hashing.lists.quality import MINIMUM_QUALITY
from hashing.lists.states import State
from portal.audit import unrecorded
from portal.vault.models import Picture, PictureState

# Two numbers: the class of the portal's advisory locks for lists, and the lock.
SETTLING = (0x6C69, 3)
_SETTLE = """
WITH fresh AS (DELETE FROM hashing_change WHERE number IS NULL RETURNING picture_id),
  pictures AS (SELECT DISTINCT picture_id FROM fresh),
  overtaken AS (DELETE FROM hashing_change USING pictures
    WHERE hashing_change.picture_id = pictures.picture_id AND hashing_change.number IS NOT NULL)
INSERT INTO hashing_change (picture_id, number)
  SELECT picture_id, nextval('hashing_change_settled') FROM pictures
"""
# What a list's entry is found by partners in these states; the desk finds pictures that are on no list too.
ON_LIST = (State.APPROVED, State.LISTED)


@dataclass(frozen=True, slots=True)
class Regional:
    """One version's codes, in the form of regional.serial."""

    id: UUID
    version: int
    box: Box
    count: int
    codes: bytes


@dataclass(frozen=True, slots=True)
class Hash:
    kind: str
    variant: str
    value: str
    quality: int | None


@dataclass(frozen=True, slots=True)
class Listing:
    """An entry that is approved or listed; quarantined, rejected and withdrawn ones are not here.

    regional: it may be found by its regional codes, as the person consented to that.
    """

    entry_id: UUID
    list_id: UUID
    slug: str
    state: State
    regional: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A picture as it may be found now. `gone`: by nothing; take it out of the index.

    A picture that is locked (a child may be in it), refused, or shredded and on no list, comes without
    fingerprints.
    """

    number: int
    picture_id: UUID
    regional: tuple[Regional, ...]
    hashes: tuple[Hash, ...]
    listings: tuple[Listing, ...]

    @property
    def gone(self) -> bool:
        return not (self.regional or self.hashes)


@unrecorded("which pictures changed, numbered for the index: each change is recorded where it is made")
def settle() -> None:
    """Number what has been committed since the last time; one process at a time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", SETTLING)
        cursor.execute(_SETTLE)


def head() -> int:
    """The marker of the newest change. Smaller than one read earlier: the database was restored, so build
    the index anew."""
    settle()
    newest = Change.objects.exclude(number=None).order_by("-number").first()
    return (newest.number or 0) if newest else 0


def since(marker: int, limit: int = 500) -> list[Known]:
    """Up to `limit` pictures that changed after `marker`, in the order of their numbers."""
    settle()
    rows = Change.objects.filter(number__gt=marker).order_by("number")
    numbers = {row.picture_id: row.number or 0 for row in rows[:limit]}
    return load(numbers)


def load(numbers: dict[UUID, int]) -> list[Known]:
    """These pictures as they are now, in the order given; six queries however many there are."""
    open_ = _findable(numbers)
    listings = _listings(numbers)
    wanted = [pk for pk in numbers if pk in open_ and (open_[pk] != PictureState.SHREDDED or pk in listings)]
    # What is destroyed leaves its codes to those lists that the person consented to: from this moment on,
    # though the rows themselves are deleted within a minute.
    coded = [pk for pk in wanted if open_[pk] != PictureState.SHREDDED or _by_codes(listings[pk])]
    regional, hashes = _regional(coded), _hashes(wanted)
    return [
        Known(
            number,
            pk,
            tuple(regional.get(pk, ())),
            tuple(hashes.get(pk, ())),
            tuple(listings.get(pk, ())) if pk in open_ else (),
        )
        for pk, number in numbers.items()
    ]


def _by_codes(listings: Iterable[Listing]) -> bool:
    return any(each.regional for each in listings)


def _findable(ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = Picture.objects.filter(pk__in=list(ids), locked_at=None).exclude(state=PictureState.REFUSED)
    return dict(rows.values_list("pk", "state"))


@unrecorded("builds the matcher's index, which shows nothing; who asks it is recorded")
def _regional(ids: Iterable[UUID]) -> dict[UUID, list[Regional]]:
    found: dict[UUID, list[Regional]] = defaultdict(list)
    for row in RegionalFingerprint.objects.filter(picture__in=list(ids)).order_by("version", "box"):
        made = Regional(row.id, row.version, Box(row.box), row.count, row.codes)
        found[row.picture_id].append(made)
    return found


def _hashes(ids: Iterable[UUID]) -> dict[UUID, list[Hash]]:
    found: dict[UUID, list[Hash]] = defaultdict(list)
    # Of what only a device has seen, framings can't be held against anything: they find nothing.
    unseen = Q(picture__state=PictureState.ON_DEVICE, kind=Kind.PDQ) & ~Q(variant__in=ORIENTATIONS)
    rows = Fingerprint.objects.filter(~unseen, picture__in=list(ids)).order_by("pk")
    for row in rows:
        found[row.picture_id].append(Hash(row.kind, row.variant, row.value, row.quality))
    for picture_id, own in _submitted(ids):
        found[picture_id].append(own)
    return found


def _submitted(ids: Iterable[UUID]) -> Iterator[tuple[UUID, Hash]]:
    """What is listed of a picture that a partner sent. Not every wire carries a quality: what was too poor
    was refused then."""
    of_partners = Entry.objects.filter(picture_id__in=list(ids), state__in=ON_LIST, submission__isnull=False)
    rows = EntryFingerprint.objects.filter(entry__in=of_partners).select_related("entry").order_by("pk")
    for row in rows:
        yield row.entry.picture_id, Hash(row.kind, row.variant, row.value, row.quality or MINIMUM_QUALITY)


def _listings(ids: Iterable[UUID]) -> dict[UUID, list[Listing]]:
    found: dict[UUID, list[Listing]] = defaultdict(list)
    rows = Entry.objects.filter(picture_id__in=list(ids), state__in=ON_LIST).select_related("list")
    for entry in rows.order_by("proposed_at", "pk"):
        state, slug = State(entry.state), entry.list.slug
        found[entry.picture_id].append(Listing(entry.pk, entry.list_id, slug, state, entry.regional))
    return found
