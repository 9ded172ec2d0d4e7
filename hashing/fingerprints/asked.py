"""What is computed of a picture to look it up, or what somebody says of one. Never imports Django."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from PIL import Image

from hashing.fingerprints import pdq, trimming
from hashing.fingerprints.pdq import PdqHash
from hashing.fingerprints.regional import query
from hashing.fingerprints.regional.table import Table

UNKNOWN_QUALITY = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """digests: hex SHA-256 and MD5; pdq: of the whole, and of the picture within a frame; regional: by the
    codes' version. width and height are 0 where only hashes are known."""

    width: int = 0
    height: int = 0
    digests: tuple[str, ...] = ()
    pdq: tuple[PdqHash, ...] = ()
    regional: Mapping[int, query.Query] = field(default_factory=dict)


def of_hashes(
    *, sha256: Iterable[str] = (), md5: Iterable[str] = (), pdq_values: Iterable[str] = ()
) -> Asked:
    """A look-up by lower-case hex hashes, already checked for their form."""
    hashes = tuple(PdqHash("original", value, UNKNOWN_QUALITY) for value in pdq_values)
    return Asked(digests=(*sha256, *md5), pdq=hashes)


def of_picture(data: bytes, image: Image.Image, tables: Iterable[Table]) -> Asked:
    """Everything of a file. image: decoded from `data`, upright, RGB."""
    within = trimming.picture_within(image)
    hashes = [pdq.pdq(image)]
    if within is not None:
        hashes.append(pdq.pdq(image.crop((within.left, within.top, within.right, within.bottom))))
    digests = (hashlib.sha256(data).hexdigest(), hashlib.md5(data, usedforsecurity=False).hexdigest())
    regional = {table.version: query.prepare(image, table) for table in tables}
    return Asked(*image.size, digests, tuple(hashes), regional)
