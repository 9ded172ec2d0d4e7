"""What is computed of an upload to look it up: by the portal's own code, so the same as there."""

from __future__ import annotations

from dataclasses import dataclass

import imagehash

from hashing.fingerprints import pieces
from hashing.fingerprints.boxes import Rectangle
from hashing.fingerprints.regional import query
from hashing.matching.pdq import QUALITY
from portal.vault import decode, formats


@dataclass(frozen=True)
class Picture:
    """pdq: of the whole, of the picture within a frame or a screenshot, and of pieces, where it is good
    enough; phash: unless the picture is too plain for PDQ; regional: if it was asked for; more: the same of
    pieces of a very long page and of other frames, each with its place."""

    width: int
    height: int
    pdq: tuple[str, ...]
    phash: str | None
    regional: query.Query | None
    more: tuple[tuple[Rectangle, query.Query], ...] = ()


class NotAPicture(Exception):
    """`code` says why: one of the portal's codes for files that it can't use."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(data: bytes, *, regional: bool) -> Picture:
    """Raises NotAPicture."""
    if len(data) > formats.MAX_BYTES:
        raise NotAPicture("too_big")
    try:
        decoded = decode.decode(data, every=True)
    except decode.Refused as refused:
        raise NotAPicture(refused.code) from refused
    image = decoded.image
    own = pieces.hashes(image)
    hashes, more = list(own), []
    for box, shown, found in pieces.further(image, decoded.further):
        hashes += found
        if regional:
            more.append((box, query.prepare(shown)))
    return Picture(
        width=image.width,
        height=image.height,
        pdq=tuple(one.value for one in hashes if one.quality >= QUALITY),
        phash=str(imagehash.phash(image)) if own[0].quality >= QUALITY else None,
        regional=query.prepare(image) if regional else None,
        more=tuple(more),
    )
