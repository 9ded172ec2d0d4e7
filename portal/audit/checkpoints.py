"""The signed checkpoints, walked beside the leaves that they cover."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from portal.audit import keys
from portal.audit.findings import Broken
from portal.audit.heads import Head
from portal.audit.merkle import Frontier
from portal.audit.models import Checkpoint
from portal.audit.notes import BadNote, open_note
from portal.audit.pages import in_order


class Checkpoints:
    """Each checkpoint in order of size; `count` have been checked. Raises Broken."""

    def __init__(self, against: Head | None) -> None:
        self.count = 0
        self._trusted = keys.trusted()
        self._against = against
        self._before: Checkpoint | None = None
        self._rows: Iterator[Checkpoint] = in_order(Checkpoint.objects.all())
        self._next = next(self._rows, None)

    def window(self, index: int, entry: UUID) -> tuple[datetime | None, datetime]:
        """Between which checkpoints' times the leaf at `index` was sealed."""
        if self._next is None:
            raise Broken(index, entry, "no checkpoint covers it")
        return self._before.at if self._before else None, self._next.at

    def reached(self, edge: Frontier) -> None:
        """The tree has grown to `edge`: check the checkpoints of that size."""
        if self._against and self._against.size == edge.size and self._against.root != edge.root():
            raise self._between(edge.size, "the log is not the one that the checkpoint kept elsewhere signed")
        if self._next and self._next.size == edge.size:
            self._check(self._next, edge)
            self.count += 1
            self._before, self._next = self._next, next(self._rows, None)

    def ended(self, edge: Frontier) -> None:
        """There are no more leaves: no checkpoint may say that there were."""
        if self._next:
            raise Broken(edge.size, None, f"removed: a checkpoint of {self._next.size} entries was signed")
        if self._against and self._against.size > edge.size:
            what = f"removed: the checkpoint kept elsewhere has {self._against.size} entries"
            raise Broken(edge.size, None, what)

    def _check(self, row: Checkpoint, edge: Frontier) -> None:
        try:
            opened = open_note(row.note, self._trusted)
            head = Head.parse(opened.text)
        except BadNote as error:
            raise self._between(row.size, f"their checkpoint can't be trusted ({error})") from error
        if head.root != edge.root() or head.size != edge.size:
            raise self._between(row.size, "altered, removed or moved since their checkpoint was signed")
        if (head.origin, bytes(row.root), row.at) != (keys.signer().name, head.root, opened.at):
            raise self._between(row.size, "the columns of their checkpoint don't say what it signed")
        if self._before and row.at < self._before.at:
            raise self._between(row.size, "their checkpoint is older than the one before")

    def _between(self, size: int, what: str) -> Broken:
        start = self._before.size if self._before else 0
        return Broken(start, None, f"{what} (entries {start} to {size - 1})")
