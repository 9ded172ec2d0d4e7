"""A part of the log as files, in the layout of https://c2sp.org/tlog-tiles, for whoever checks it without us.

`checkpoint` is what everything hangs on; `checkpoints.jsonl` has the earlier ones, a JSON line {"size",
"note"} each; `tile/…` are the tree's hashes and `tile/entries/…` the entries themselves. From `since` on:
lower tiles and bundles that end before it are left out, and their roots stand for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime

from portal.audit import tiles
from portal.audit.models import Checkpoint, Cosignature, Leaf
from portal.audit.pages import in_order
from portal.audit.verification import snapshot
from portal.core.errors import NotFound

Write = Callable[[str, bytes], object]


def export(write: Write, *, since: int = 0) -> int:
    """Write each file with `write(path, content)`. Returns the tree's size. Raises NotFound for an empty
    log."""
    with snapshot():
        newest = Checkpoint.objects.order_by("-size").first()
        if newest is None:
            raise NotFound("Nothing has been sealed yet.", code="nothing_sealed")
        first = min(since, newest.size - 1) // tiles.WIDTH
        for index, width in tiles.widths(0, newest.size):
            if index >= first:
                write(tiles.path("entries", index, width), bundle(index, width))
        for level, index, width in _tiles(newest.size, first):
            write(tiles.path(level, index, width), b"".join(tiles.hashes(level, index, newest.size)))
        write("checkpoints.jsonl", b"".join(_checkpoints(first * tiles.WIDTH, newest.size)))
        write("checkpoint", with_cosignatures(newest).encode())
        return newest.size


def bundle(index: int, width: int) -> bytes:
    """The entries under a tile of level 0, each with its length in two bytes before it."""
    start = index * tiles.WIDTH
    rows = Leaf.objects.filter(index__gte=start, index__lt=start + width).order_by("index")
    leaves = [bytes(leaf) for leaf in rows.values_list("entry__leaf", flat=True)]
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def with_cosignatures(checkpoint: Checkpoint) -> str:
    """The signed note with the lines of the witnesses that saw it."""
    lines = Cosignature.objects.filter(published=checkpoint.pk).order_by("pk").values_list("line", flat=True)
    return checkpoint.note + "".join(lines)


def since_time(at: datetime) -> int:
    """The place of the first entry that was sealed at or after `at`; the tree's size when there is none."""
    before = Checkpoint.objects.filter(at__lt=at).order_by("-size").first()
    return before.size if before else 0


def _tiles(size: int, first: int) -> Iterator[tuple[int, int, int]]:
    level = 0
    while size >> (tiles.HEIGHT * level):
        for index, width in tiles.widths(level, size):
            if level or index >= first:
                yield level, index, width
        level += 1


def _checkpoints(start: int, size: int) -> Iterator[bytes]:
    for row in in_order(Checkpoint.objects.filter(size__gt=start, size__lte=size)):
        yield json.dumps({"size": row.size, "note": row.note}, ensure_ascii=False).encode() + b"\n"
