"""Re-reads the whole log and finds the first thing that isn't as it was sealed.

One pass in the tree's order, in one snapshot of the database, holding one page of entries at a time: so it
works for any length, while the portal goes on writing. What is found wrong is then looked at entry by entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import Count, TextField
from django.db.models.functions import Cast
from psycopg import DataError, NotSupportedError

from portal.audit import blaming, reading, tiles
from portal.audit.checkpoints import Checkpoints
from portal.audit.findings import Broken
from portal.audit.heads import Kept
from portal.audit.merkle import HASH_LENGTH, Frontier, levels, node_hash
from portal.audit.models import Entry, Leaf, Tile
from portal.audit.reading import Page
from portal.core import clock

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Held:
    """The log holds: how many entries are sealed, under how many checkpoints, and how many wait; of how many
    the times were not looked at."""

    entries: int
    checkpoints: int
    waiting: int
    excused: int = 0


def verify(
    *,
    patience: timedelta,
    kept: Sequence[Kept] = (),
    wrong_clock: Sequence[range] = (),
    progress: Progress = lambda _n: None,
) -> Held:
    """Check everything. Raises Broken with the first finding.

    `kept` are checkpoints from outside the database, their signatures already checked. An entry may wait for
    the sealer as long as `patience`. The times of entries at the places `wrong_clock` are not held against
    their checkpoints'.
    """
    with snapshot():
        checkpoints = Checkpoints(kept, excused=wrong_clock)
        edge = Frontier()
        for page in _pages():
            check(page, edge, checkpoints)
            progress(edge.size)
        checkpoints.ended(edge.size)
        _check_tables(edge.size)
        waiting = _check_waiting(edge.size, clock.now() - patience)
        return Held(edge.size, checkpoints.count, waiting, checkpoints.dating.excused)


def check(page: Page, edge: Frontier, checkpoints: Checkpoints) -> None:
    """Hash a page's entries, grow the tree with them, and meet the checkpoints on the way. Raises Broken."""
    digests = [sha256(b"\x00" + leaf).digest() for leaf in page.leaves] if page.sound else []
    if not page.sound or b"".join(digests) != page.hashes:
        raise blaming.page(page.start)
    for number, start in enumerate(range(0, len(digests), tiles.WIDTH)):
        end = start + tiles.WIDTH
        stored = page.tiles[number * HASH_LENGTH : (number + 1) * HASH_LENGTH]
        _group(digests[start:end], page.times[start:end], edge, checkpoints, stored)


def _group(
    hashes: list[bytes], times: list[int], edge: Frontier, checkpoints: Checkpoints, stored: bytes
) -> None:
    """The next tile's leaves, whose root is `stored` already, or what there is of the last one."""
    grown = levels(hashes)
    checkpoints.within(edge, grown, times)
    if len(hashes) < tiles.WIDTH:
        for leaf in hashes:
            edge.append(leaf)
        return
    root = grown[-1][0]
    if stored != root:
        raise blaming.tile(edge.size, 1, edge.size >> tiles.HEIGHT)
    _compare_above(edge, root)
    edge.extend(tiles.HEIGHT, root)


def _compare_above(edge: Frontier, root: bytes) -> None:
    """So are the roots of the higher tiles that a complete one completes."""
    level, index, peaks = 1, edge.size >> tiles.HEIGHT, edge.peaks
    while not (index + 1) % tiles.WIDTH:
        for _ in range(tiles.HEIGHT):
            root = node_hash(peaks.pop(), root)
        level, index = level + 1, index >> tiles.HEIGHT
        if tiles.stored(level, index) != root:
            raise blaming.tile(edge.size, level, index)


def _pages() -> Iterator[Page]:
    """The pages; where the database itself can't make sense of an entry, it is named."""
    start = 0
    while True:
        try:
            with transaction.atomic():
                page = reading.page(start)
        except (DataError, NotSupportedError) as error:
            raise blaming.page(start) from error
        if page is None:
            return
        yield page
        start += len(page.leaves)


def _check_tables(sealed: int) -> None:
    """There is nothing in the tree but what was read."""
    if Leaf.objects.count() != sealed:
        stray = Leaf.objects.exclude(index__range=(0, sealed - 1)).values_list("index", "entry_id")
        index, entry_id = stray.first() or (None, None)
        raise Broken(index, entry_id, "a leaf outside the tree")
    levels_above = range(1, tiles.HIGHEST + 1)
    if Tile.objects.count() != sum(sealed >> tiles.HEIGHT * level for level in levels_above):
        raise Broken(None, None, "the stored tree has roots that no entries lead to")


def _check_waiting(sealed: int, before: datetime) -> int:
    """Entries without a place in the tree: few and young. Counts all entries, and trusts no queue."""
    count = Entry.objects.count() - sealed
    if count < 0:
        raise _twice()
    if count:
        waiting = Entry.objects.filter(sealed=None).order_by("-at")
        oldest = waiting.values_list("id", Cast("at", TextField()))[count - 1 : count].first()
        if oldest is None:
            raise _twice()
        if Entry.objects.filter(pk=oldest[0], at__lt=before).exists():
            raise Broken(None, oldest[0], f"not sealed although it was written at {oldest[1]}")
    return count


def _twice() -> Broken:
    several = Leaf.objects.values("entry").annotate(places=Count("index")).filter(places__gt=1)
    entry_id = several.values_list("entry", flat=True).first()
    place = Leaf.objects.filter(entry=entry_id).order_by("-index").values_list("index", flat=True).first()
    return Broken(place, entry_id, "it has a place in the tree already")


@contextmanager
def snapshot() -> Iterator[None]:
    """One state of the database for the whole pass, unless the caller's transaction already set one.

    Leaves and their entries lie in the same order: looking each up costs the same however long the log is,
    while a hash join would read all entries for every page.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            if outermost:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL enable_hashjoin = off")
            cursor.execute("SET LOCAL enable_mergejoin = off")
        yield
