"""The signed checkpoints, walked beside the leaves that they cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import DataError

from portal.audit import blaming, keys, merkle
from portal.audit.dating import Dating
from portal.audit.findings import Broken
from portal.audit.heads import Head, Kept
from portal.audit.merkle import EMPTY_ROOT, Frontier
from portal.audit.models import Checkpoint
from portal.audit.notes import BadNote, open_note
from portal.audit.pages import in_order

FORMER_KEY = (
    "the newest checkpoint isn't signed with today's key (CHECKPOINT_KEY); if the key was changed a moment"
    " ago, log in once and ask again"
)


class Checkpoints:
    """Each checkpoint in order of size; `count` have been checked. Raises Broken."""

    def __init__(self, kept: Sequence[Kept] = (), *, excused: Sequence[range] = ()) -> None:
        self.count = 0
        self.dating = Dating(excused)
        self._origin, self._trusted = keys.origin(), keys.trusted()
        self._kept = kept
        self._before: Checkpoint | None = None
        self._rows = self._in_order()
        self._next = self._following()
        for one in kept:
            if one.head.origin != self._origin:
                what = f"the checkpoint {one.where} is of another log, {one.head.origin}"
                raise Broken(None, None, what)
            if one.head.size == 0 and one.head.root != EMPTY_ROOT:
                raise Broken(0, None, _another(one))

    def within(self, edge: Frontier, grown: Sequence[Sequence[bytes]], times: Sequence[int]) -> None:
        """`edge`, a whole number of tiles, goes on with the leaves of `grown`, written at `times`."""
        start, done = edge.size, 0
        end = start + len(times)
        while self._next and self._next.size <= end:
            if self._next.size <= self._start:
                what = f"a checkpoint of {self._next.size} entries is one too many"
                raise Broken(self._start, None, what)
            self._meet_kept(edge, grown, self._next.size)
            self.dating.note(start + done, times[done : self._next.size - start])
            done = self._next.size - start
            self._reach(self._next, _root(edge, grown, self._next.size))
        self._meet_kept(edge, grown, end)
        if done < len(times):
            if self._next is None:
                raise blaming.uncovered(start + done)
            self.dating.note(start + done, times[done:])

    def ended(self, size: int) -> None:
        """There are no more leaves: no checkpoint may say that there were, and the last one is today's."""
        if self._next:
            raise Broken(size, None, f"removed: a checkpoint of {self._next.size} entries was signed")
        for one in self._kept:
            if one.head.size > size:
                what = f"removed: the checkpoint {one.where} has {one.head.size} entries"
                raise Broken(size, None, what)
        if self._before:
            try:
                open_note(self._before.note, [keys.signer().verifier])
            except BadNote as error:
                raise Broken(None, None, FORMER_KEY) from error

    def _reach(self, row: Checkpoint, root: bytes) -> None:
        self._check(row, root)
        self.dating.check(self._start, row, self._before)
        self.count += 1
        self._before = row
        self._next = self._following()

    def _check(self, row: Checkpoint, root: bytes) -> None:
        try:
            opened = open_note(row.note or "", self._trusted)
            head = Head.parse(opened.text)
        except BadNote as error:
            raise self._between(row.size, f"their checkpoint can't be trusted ({error})") from error
        if head.root != root or head.size != row.size:
            raise self._between(row.size, "altered, removed or moved since their checkpoint was signed")
        signed = (head.origin, bytes(row.root or b""), row.at)
        if opened.at is None or signed != (self._origin, head.root, opened.at):
            raise self._between(row.size, "the columns of their checkpoint don't say what it signed")
        if self._before and row.at < self._before.at:
            raise self._between(row.size, "their checkpoint is older than the one before")

    def _meet_kept(self, edge: Frontier, grown: Sequence[Sequence[bytes]], end: int) -> None:
        """The checkpoints kept elsewhere that are of this tile and no longer than `end`."""
        for one in self._kept:
            if edge.size < one.head.size <= end and one.head.root != _root(edge, grown, one.head.size):
                raise self._between(one.head.size, _another(one))

    def _in_order(self) -> Iterator[Checkpoint]:
        try:
            yield from in_order(Checkpoint.objects.all())
        except DataError:  # one of the page can't be read: go on one by one, up to it
            rows = Checkpoint.objects.filter(size__gt=self._start)
            yield from in_order(rows, page=1)

    def _following(self) -> Checkpoint | None:
        try:
            return next(self._rows, None)
        except DataError as error:
            raise Broken(self._start, None, "their checkpoint can't be read") from error

    @property
    def _start(self) -> int:
        return self._before.size if self._before else 0

    def _between(self, size: int, what: str) -> Broken:
        return blaming.between(self._start, size, what)


def _another(one: Kept) -> str:
    return f"the log is not the one that the checkpoint {one.where} signed"


def _root(edge: Frontier, grown: Sequence[Sequence[bytes]], size: int) -> bytes:
    return merkle.root_of([*edge.peaks, *merkle.peaks(grown, size - edge.size)])
