"""What is computed of a picture to look it up, or what somebody says of one. Never imports Django."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from PIL import Image

from hashing.fingerprints import pieces
from hashing.fingerprints.boxes import Rectangle
from hashing.fingerprints.pdq import PdqHash
from hashing.fingerprints.regional import query
from hashing.fingerprints.regional.table import Table

UNKNOWN_QUALITY = 100


@dataclass(frozen=True, slots=True)
class Piece:
    """box: where it lies, in the picture's pixels; regional: by the codes' version."""

    box: Rectangle
    regional: Mapping[int, query.Query]


@dataclass(frozen=True, slots=True)
class Asked:
    """digests: hex SHA-256 and MD5; pdq: of the whole, of the picture within a frame, and of pieces;
    regional: of the whole, by the codes' version; more: pieces of a long page, and other frames. width and
    height are 0 where only hashes are known."""

    width: int = 0
    height: int = 0
    digests: tuple[str, ...] = ()
    pdq: tuple[PdqHash, ...] = ()
    regional: Mapping[int, query.Query] = field(default_factory=dict)
    more: tuple[Piece, ...] = ()

    def pieces(self) -> Iterator[Piece]:
        """The whole, then what there is more."""
        yield Piece(Rectangle(0, 0, self.width, self.height), self.regional)
        yield from self.more


def of_hashes(
    *, sha256: Iterable[str] = (), md5: Iterable[str] = (), pdq_values: Iterable[str] = ()
) -> Asked:
    """A look-up by lower-case hex hashes, already checked for their form."""
    hashes = tuple(PdqHash("original", value, UNKNOWN_QUALITY) for value in pdq_values)
    return Asked(digests=(*sha256, *md5), pdq=hashes)


def of_picture(
    data: bytes, image: Image.Image, tables: Iterable[Table], further: Sequence[Image.Image] = ()
) -> Asked:
    """Everything of a file. image: decoded from `data`, upright, RGB; further: other views of it."""
    used = list(tables)
    hashes, more = list(pieces.hashes(image)), []
    for box, shown, found in pieces.further(image, further):
        more.append(Piece(box, _regional(shown, used)))
        hashes += found
    digests = (hashlib.sha256(data).hexdigest(), hashlib.md5(data, usedforsecurity=False).hexdigest())
    return Asked(*image.size, digests, tuple(hashes), _regional(image, used), tuple(more))


def _regional(image: Image.Image, tables: Iterable[Table]) -> dict[int, query.Query]:
    return {table.version: query.prepare(image, table) for table in tables}
