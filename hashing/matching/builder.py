"""Keeps the index what the database says: a part for what is new, blanks for what is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from uuid import UUID

import numpy as np

from hashing import changes
from hashing.matching import items, parts, source, writing
from hashing.matching.generations import Folder, Generation
from hashing.matching.items import Item
from hashing.matching.parts import NOBODY, Part

# The newest part is written anew at every change. One is taken into the next larger when it has grown to an
# eighth of it, so that a look-up has three parts to ask at the most, and large ones are rarely written.
MOST_PARTS = 3
SMALL = 2000
GROWTH = 8
# So many changes are taken in at once; the next run goes on from there.
MOST_CHANGES = 5000


@dataclass(frozen=True)
class Done:
    """What a run did: whether everything was read anew, how many pictures it took in, how many it took out;
    busy: another builder was at it, and nothing was done."""

    anew: bool = False
    added: int = 0
    removed: int = 0
    busy: bool = False


def run(folder: Folder, *, anew: bool = False) -> Done:
    """Bring the index up to date. Raises KeyNotHeld where the keys of regional codes are not."""
    with folder.building() as alone:
        if not alone:
            return Done(busy=True)
        current = folder.current()
        folder.clear(current)
        if anew or current is None or _of_another_life(current) or not _whole(folder, current):
            done = _build(folder, current)
        else:
            done = _apply(folder, _pay(folder, current) if current.owed else current)
        folder.beat()
        return done


def _of_another_life(current: Generation) -> bool:
    """Whether the database was replaced: what its changes are called now says nothing about the index."""
    return current.database != source.database() or current.marker > changes.head()


def _whole(folder: Folder, current: Generation) -> bool:
    """Whether all parts can be opened: files in memory are cleared away by system tools now and then."""
    try:
        for name in current.parts:
            Part(folder.part(name))
    except parts.UNREADABLE:
        return False
    return True


def _build(folder: Folder, current: Generation | None) -> Done:
    """Read everything."""
    before = Generation(number=current.number if current else 0, database=source.database())
    reading = _Reading(0)
    shelves = _Shelves()
    part = _write(folder, before, shelves, items.items(reading))
    after = replace(
        before,
        number=before.number + 1,
        parts=(part.name,),
        shelves=tuple(shelves),
        enrolled=_enrolled([part]),
        marker=reading.marker,
    )
    folder.switch(after)
    folder.clear(after)
    return Done(anew=True, added=part.alive)


def _apply(folder: Folder, current: Generation) -> Done:
    """Read what has changed since the last reading."""
    reading = _Reading(current.marker)
    found = list(islice(reading, MOST_CHANGES))
    if not found:
        return Done()
    new = list(items.items(found))
    return take_in(folder, replace(current, marker=reading.marker), new, [one.picture_id for one in found])


def take_in(folder: Folder, current: Generation, new: Sequence[Item], changed: Sequence[UUID]) -> Done:
    """Add the new items, and take out what the changed ids were before."""
    held = [Part(folder.part(name)) for name in current.parts]
    removed = sum(len(part.rows_of(changed)) for part in held)
    merged = _to_merge(held, len(new)) if new else []
    kept = held[: len(held) - len(merged)]
    shelves = _Shelves(current.shelves)
    made = [_write(folder, current, shelves, new, older=merged, left_out=changed)] if new else []
    after = replace(
        current,
        number=current.number + 1,
        parts=tuple(part.name for part in (*kept, *made)),
        shelves=tuple(shelves),
        owed=tuple(map(str, changed)) if removed and kept else (),
        owed_in=tuple(part.name for part in kept) if removed else (),
        enrolled=_enrolled([*kept, *made]),
    )
    folder.switch(after)
    if after.owed:
        _pay(folder, after)
    folder.clear(after)
    return Done(added=len(new), removed=removed)


def _pay(folder: Folder, current: Generation) -> Generation:
    """Blank what is owed. A builder that was killed over it has left that to be read in the generation."""
    ids = [UUID(each) for each in current.owed]
    kept = [Part(folder.part(name), writable=True) for name in current.owed_in]
    for part in kept:
        parts.blank(part, part.rows_of(ids))
    rest = [Part(folder.part(name)) for name in current.parts]
    after = replace(current, owed=(), owed_in=(), enrolled=_enrolled(rest))
    folder.switch(after)
    return after


def _to_merge(held: Sequence[Part], new: int) -> list[Part]:
    """The parts that a part of so many new items takes in: the last ones, largest first."""
    first, total = len(held), new
    while first:
        alive = held[first - 1].alive
        if first < MOST_PARTS and alive > SMALL and GROWTH * total <= alive:
            break
        first, total = first - 1, total + alive
    return list(held[first:])


def _write(
    folder: Folder,
    current: Generation,
    shelves: _Shelves,
    new: Iterable[Item],
    *,
    older: Sequence[Part] = (),
    left_out: Sequence[UUID] = (),
) -> Part:
    path = folder.new_part(current)
    writing.write(path, new, shelves, older=older, left_out=left_out)
    return Part(path)


def _enrolled(held: Iterable[Part]) -> int:
    """How many have regional codes: the more they are, the more a look-up asks of a match."""
    owners = (found.owner for part in held for found in part.regional.values())
    return sum(int(np.count_nonzero(owner != NOBODY)) for owner in owners)


class _Reading:
    """Changed pictures, and the marker of the last one that was read."""

    def __init__(self, marker: int) -> None:
        self.marker = marker

    def __iter__(self) -> Iterator[changes.Known]:
        for one in items.since(self.marker):
            self.marker = max(self.marker, one.number)
            yield one


class _Shelves(dict[str, int]):
    """Numbers from 1 on in the order in which names are first asked for."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        super().__init__({name: number for number, name in enumerate(names, start=1)})

    def __missing__(self, name: str) -> int:
        self[name] = len(self) + 1
        return self[name]
