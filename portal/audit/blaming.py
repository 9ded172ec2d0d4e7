"""Looking for the one entry that a failed check is about. Slow and thorough: it runs only when something
is wrong.

Every function returns the Broken to raise.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import DatabaseError, transaction

from portal.audit import canonical, keys, marks, tiles
from portal.audit.findings import Broken
from portal.audit.merkle import leaf_hash
from portal.audit.models import Entry, Leaf
from portal.audit.pages import in_order

REPLACED = "it isn't the entry that was sealed at this place"
REMOVED = "the entry was removed"


def page(start: int) -> Broken:
    """From `start` on, something doesn't say what was sealed."""
    expected = start
    for leaf in in_order(Leaf.objects.filter(index__gte=start)):
        if leaf.index != expected:
            return _missing(expected)
        if what := _fault(leaf):
            return Broken(leaf.index, leaf.entry_id, what)
        expected += 1
    return Broken(start, None, "it can't be read")


def tile(start: int, level: int, index: int) -> Broken:
    """A stored root above the leaves that end at `start` + 256 isn't what they hash to."""
    end = start + tiles.WIDTH
    found = _replaced(index << (tiles.HEIGHT * level), end)
    return found or Broken(end - 1, _entry_at(end - 1), "the stored tree above it is another")


def between(start: int, end: int, what: str) -> Broken:
    """The checkpoint over `end` entries says something else than they do; the one over `start` held."""
    return _replaced(start, end) or Broken(start, None, f"{what} (entries {start} to {end - 1})")


def uncovered(index: int) -> Broken:
    return Broken(index, _entry_at(index), "no checkpoint covers it")


def _fault(leaf: Leaf) -> str:
    """What is wrong with an entry, whatever somebody put into its columns."""
    try:
        with transaction.atomic():
            entry = Entry.objects.get(pk=leaf.entry_id)
            stored = bytes(entry.leaf)
            if leaf_hash(stored) != bytes(leaf.hash):
                return "its sealed bytes were altered, or it was moved"
            if canonical.encode(entry) != stored:
                return f"altered: {', '.join(canonical.differences(entry))}"
    except Entry.DoesNotExist:
        return REMOVED
    except (DatabaseError, TypeError, ValueError, OverflowError):
        return "altered: it can't be read"  # no value of the product's: nothing at all, a time in year 20000
    return ""


def _missing(index: int) -> Broken:
    """Why the tree has no usable leaf at `index`: the leaf is gone, or the entry under it."""
    entry_id = _entry_at(index)
    what = REMOVED if entry_id else "the entry sealed at this place was removed"
    return Broken(index, entry_id, what)


def _replaced(start: int, end: int) -> Broken | None:
    """The first leaf whose mark doesn't fit, if the key of the marks around it is known here."""
    known = keys.mark_keys()
    rows: Iterable[Leaf] = in_order(Leaf.objects.filter(index__gte=max(start - 1, 0), index__lt=end))
    fits = False
    for leaf in rows:
        if marks.fits(known, leaf.index, bytes(leaf.hash), bytes(leaf.mark)):
            fits = True
        elif fits and leaf.index >= start:
            return Broken(leaf.index, leaf.entry_id, REPLACED)
    return None


def _entry_at(index: int) -> UUID | None:
    return Leaf.objects.filter(index=index).values_list("entry_id", flat=True).first()
