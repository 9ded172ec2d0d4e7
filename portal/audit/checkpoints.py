"""The signed checkpoints, walked beside the leaves that they cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from portal.audit import blaming, keys, merkle
from portal.audit.canonical import microseconds
from portal.audit.findings import Broken
from portal.audit.heads import Head
from portal.audit.merkle import EMPTY_ROOT, Frontier
from portal.audit.models import Checkpoint
from portal.audit.notes import BadNote, open_note
from portal.audit.pages import in_order
from portal.audit.recording import OLDEST

# Entries carry their action's time: older than its sealing by the age of a context and of a transaction,
# newer by what two machines' clocks may differ.
EARLIER = OLDEST + timedelta(minutes=15)
LATER = timedelta(minutes=1)
OTHER_LOG = "the log is not the one that the checkpoint kept elsewhere signed"


class Checkpoints:
    """Each checkpoint in order of size; `count` have been checked. Raises Broken."""

    def __init__(self, against: Head | None) -> None:
        self.count = 0
        self._trusted = keys.trusted()
        self._against = against
        self._before: Checkpoint | None = None
        self._rows: Iterator[Checkpoint] = in_order(Checkpoint.objects.all())
        self._next = next(self._rows, None)
        self._times: list[int] = []  # earliest and latest since the checkpoint before
        if against and against.size == 0 and against.root != EMPTY_ROOT:
            raise Broken(0, None, OTHER_LOG)

    def within(self, edge: Frontier, grown: Sequence[Sequence[bytes]], times: Sequence[int]) -> None:
        """`edge`, a whole number of tiles, goes on with the leaves of `grown`, written at `times`."""
        start, done = edge.size, 0
        end = start + len(times)
        while self._next and self._next.size <= end:
            self._meet_outside(edge, grown, self._next.size)
            self._note_times(times[done : self._next.size - start])
            done = self._next.size - start
            self._reach(self._next, _root(edge, grown, self._next.size))
        self._meet_outside(edge, grown, end)
        if done < len(times):
            if self._next is None:
                raise blaming.uncovered(start + done)
            self._note_times(times[done:])

    def ended(self, size: int) -> None:
        """There are no more leaves: no checkpoint may say that there were."""
        if self._next:
            raise Broken(size, None, f"removed: a checkpoint of {self._next.size} entries was signed")
        if self._against and self._against.size > size:
            what = f"removed: the checkpoint kept elsewhere has {self._against.size} entries"
            raise Broken(size, None, what)

    def _reach(self, row: Checkpoint, root: bytes) -> None:
        self._check(row, root)
        self._check_times(row)
        self.count += 1
        self._before, self._next, self._times = row, next(self._rows, None), []

    def _check(self, row: Checkpoint, root: bytes) -> None:
        try:
            opened = open_note(row.note, self._trusted)
            head = Head.parse(opened.text)
        except BadNote as error:
            raise self._between(row.size, f"their checkpoint can't be trusted ({error})") from error
        if head.root != root or head.size != row.size:
            raise self._between(row.size, "altered, removed or moved since their checkpoint was signed")
        if (head.origin, bytes(row.root), row.at) != (keys.origin(), head.root, opened.at):
            raise self._between(row.size, "the columns of their checkpoint don't say what it signed")
        if self._before and row.at < self._before.at:
            raise self._between(row.size, "their checkpoint is older than the one before")

    def _check_times(self, row: Checkpoint) -> None:
        """All entries since the last checkpoint are from between its time and this one's, with allowances."""
        latest = row.at + LATER
        earliest = self._before.at - EARLIER if self._before else None
        lowest = microseconds(earliest) if earliest else None
        if self._times[1] > microseconds(latest) or (lowest is not None and self._times[0] < lowest):
            raise blaming.times(self._start, row.size, earliest=earliest, latest=latest)

    def _note_times(self, times: Sequence[int]) -> None:
        self._times = [min([*self._times, *times]), max([*self._times, *times])]

    def _meet_outside(self, edge: Frontier, grown: Sequence[Sequence[bytes]], end: int) -> None:
        """The checkpoint kept elsewhere, if it is of this tile and no longer than `end`."""
        head = self._against
        if head and edge.size < head.size <= end and head.root != _root(edge, grown, head.size):
            raise self._between(head.size, OTHER_LOG)

    @property
    def _start(self) -> int:
        return self._before.size if self._before else 0

    def _between(self, size: int, what: str) -> Broken:
        return blaming.between(self._start, size, what)


def _root(edge: Frontier, grown: Sequence[Sequence[bytes]], size: int) -> bytes:
    return merkle.root_of([*edge.peaks, *merkle.peaks(grown, size - edge.size)])
