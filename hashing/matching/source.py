"""What the database says about a match at the moment of the answer, and which database it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from hashing.lists.models import Entry
from hashing.lists.states import State
from hashing.matching.answers import How
from portal.vault.models import Picture, PictureState

# What a case has: the picture itself, or its fingerprints from the person's device.
HELD = (PictureState.CHECKED, PictureState.ON_DEVICE)


@dataclass(frozen=True, slots=True)
class Listing:
    """An entry that is listed now. regional: it may be found by its regional codes."""

    entry_id: UUID
    list_id: UUID
    regional: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What a picture is matched as: held at the agency, and on which lists."""

    held: bool
    listings: tuple[Listing, ...]

    def may_be_found(self, how: How) -> bool:
        """Whether a match made earlier still stands: of what is only listed, codes may be withheld since."""
        return self.held or how is not How.REGIONAL or any(each.regional for each in self.listings)


def database() -> str:
    """The same for as long as its change numbers go on: not after a restore into another cluster."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier || ':' || current_database() FROM pg_control_system()")
        return str(cursor.fetchone()[0])


def standing(picture_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Of those that may be matched: checked and not shredded, or listed; and no child suspected in them."""
    entries: defaultdict[UUID, list[Listing]] = defaultdict(list)
    rows = Entry.objects.filter(picture_id__in=picture_ids, state=State.LISTED).order_by("listed_at", "pk")
    for pk, picture, owner, regional in rows.values_list("pk", "picture_id", "list_id", "regional"):
        entries[picture].append(Listing(pk, owner, regional))
    pictures = Picture.objects.filter(pk__in=picture_ids, locked_at=None)
    return {
        pk: Standing(state in HELD, tuple(entries[pk]))
        for pk, state in pictures.values_list("pk", "state")
        if state in HELD or entries[pk]
    }
