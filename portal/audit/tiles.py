"""The stored tree: every leaf's hash, and the root of every complete group of 256 hashes, level over level.

The peaks of a tree of any size come from at most 255 hashes per level, so a checkpoint of a billion entries
reads less than a thousand rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from portal.audit.merkle import Frontier
from portal.audit.models import Leaf, Tile

HEIGHT = 8
WIDTH = 1 << HEIGHT
# Of eight bytes' worth of leaves; higher ones can't be.
HIGHEST = 63 // HEIGHT


def frontier(size: int) -> Frontier:
    """The right edge of the stored tree's first `size` leaves."""
    edge = Frontier()
    levels = 0
    while size >> (HEIGHT * (levels + 1)):
        levels += 1
    for level in range(levels, -1, -1):
        count = size >> (HEIGHT * level)
        for subtree in _between(level, count - count % WIDTH, count):
            edge.extend(HEIGHT * level, subtree)
    return edge


def stored(level: int, index: int) -> bytes | None:
    """The stored root of a complete tile."""
    found = Tile.objects.filter(level=level, index=index).values_list("hash", flat=True).first()
    return None if found is None else bytes(found)


def completed_by(index: int, completed: list[bytes]) -> list[Tile]:
    """The tiles to store once leaf `index` is in: `completed` is what Frontier.append returned for it."""
    return [
        Tile(level=height // HEIGHT, index=index >> height, hash=completed[height])
        for height in range(HEIGHT, len(completed), HEIGHT)
    ]


def hashes(level: int, index: int, size: int) -> list[bytes]:
    """The tile at `index` of a level in the tree of `size` leaves: 256 hashes, fewer at the right edge."""
    return _between(level, index * WIDTH, min((index + 1) * WIDTH, size >> (HEIGHT * level)))


def path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Where https://c2sp.org/tlog-tiles puts a tile (or, for "entries", a bundle) of that width."""
    digits = f"{index:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    place = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"tile/{level}/{place}" + ("" if width == WIDTH else f".p/{width}")


def widths(level: int, size: int) -> Iterator[tuple[int, int]]:
    """(index, width) of each tile of a level in the tree of `size` leaves."""
    count = size >> (HEIGHT * level)
    for index in range(count // WIDTH):
        yield index, WIDTH
    if count % WIDTH:
        yield count // WIDTH, count % WIDTH


def _between(level: int, start: int, end: int) -> list[bytes]:
    """Stored hashes start to end (not included) of one level: leaves, or tiles above them."""
    if level == 0:
        leaves = Leaf.objects.filter(index__gte=start, index__lt=end).order_by("index").values_list("hash")
        return [bytes(row[0]) for row in leaves]
    tiles = (
        Tile.objects.filter(level=level, index__gte=start, index__lt=end)
        .order_by("index")
        .values_list("hash")
    )
    return [bytes(row[0]) for row in tiles]
