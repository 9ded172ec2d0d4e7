"""Proofs for people who hold only a checkpoint: that an entry is in the log, and that the log only grew.

As RFC 6962 (section 2.1) defines them, read from tiles: a proof needs the leaf's own tile of each level
and, where the tree isn't complete, the last one. `reads` counts them: never more than the tree is high.
"""

from __future__ import annotations

import base64
from uuid import UUID

from portal.audit import tiles
from portal.audit.heads import Head
from portal.audit.merkle import levels, node_hash
from portal.audit.models import Checkpoint, Leaf
from portal.core.errors import NotFound


class Tree:
    """The stored tree as it was with `size` leaves."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.reads = 0
        self._tiles: dict[tuple[int, int], list[list[bytes]]] = {}

    def inclusion(self, index: int) -> list[bytes]:
        """The audit path of the leaf at `index`, from its sibling to the root's child."""
        return self._path(index, 0, self.size)

    def consistency(self, old: int) -> list[bytes]:
        """That the tree of `old` leaves is a beginning of this one."""
        if not 0 < old < self.size:
            return []
        return self._subproof(old, 0, self.size, whole=True)

    def root(self, start: int = 0, end: int | None = None) -> bytes:
        """The root over leaves `start` to `end`, where `start` is where RFC 6962 would split."""
        end = self.size if end is None else end
        count = end - start
        if count & (count - 1) == 0:
            return self._subtree(start, count.bit_length() - 1)
        middle = start + _split(count)
        return node_hash(self.root(start, middle), self.root(middle, end))

    def _path(self, index: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + _split(end - start)
        if index < middle:
            return [*self._path(index, start, middle), self.root(middle, end)]
        return [*self._path(index, middle, end), self.root(start, middle)]

    def _subproof(self, old: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        if old == end:
            return [] if whole else [self.root(start, end)]
        middle = start + _split(end - start)
        if old <= middle:
            return [*self._subproof(old, start, middle, whole=whole), self.root(middle, end)]
        return [*self._subproof(old, middle, end, whole=False), self.root(start, middle)]

    def _subtree(self, start: int, height: int) -> bytes:
        level, rest = divmod(height, tiles.HEIGHT)
        first = start >> (tiles.HEIGHT * level)
        tile = self._tile(level, first // tiles.WIDTH)
        return tile[rest][first % tiles.WIDTH >> rest]

    def _tile(self, level: int, index: int) -> list[list[bytes]]:
        if (level, index) not in self._tiles:
            self.reads += 1
            hashes = tiles.hashes(level, index, self.size)
            self._tiles[level, index] = [list(row) for row in levels(hashes)]
        return self._tiles[level, index]


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def of_entry(entry_id: UUID, *, checkpoint: Checkpoint | None = None) -> dict[str, str]:
    """The entry's bytes and its C2SP proof against a checkpoint, the newest one unless told otherwise.

    Raises NotFound for an entry that isn't sealed (yet) under it.
    """
    leaf = Leaf.objects.select_related("entry").filter(entry=entry_id).first()
    checkpoint = checkpoint or Checkpoint.objects.order_by("-size").first()
    if leaf is None or checkpoint is None or leaf.index >= checkpoint.size:
        raise NotFound("This entry isn't in the sealed log, or not yet.", code="not_sealed")
    path = Tree(checkpoint.size).inclusion(leaf.index)
    return {"leaf": bytes(leaf.entry.leaf).decode(), "proof": text(leaf.index, path, checkpoint.note)}


def text(index: int, path: list[bytes], note: str) -> str:
    """https://c2sp.org/tlog-proof"""
    return "\n".join(["c2sp.org/tlog-proof@v1", f"index {index}", *lines(path)]) + "\n\n" + note


def lines(path: list[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in path]


def of_growth(old: Head, *, old_note: str) -> dict[str, object]:
    """That the newest checkpoint goes on from one kept earlier. Raises NotFound when it doesn't reach that
    far."""
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None or newest.size < old.size:
        raise NotFound("The log is shorter than that checkpoint.", code="rolled_back")
    path = Tree(newest.size).consistency(old.size)
    return {"old": old_note, "new": newest.note, "proof": lines(path)}
