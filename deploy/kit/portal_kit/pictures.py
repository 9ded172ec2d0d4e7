"""What is computed of an upload to look it up: by the portal's own code, so the same as there."""

from __future__ import annotations

from dataclasses import dataclass

import imagehash

from hashing.fingerprints import pdq, trimming
from hashing.fingerprints.regional import query
from hashing.matching.pdq import QUALITY
from portal.vault import decode, formats


@dataclass(frozen=True)
class Picture:
    """pdq: of the whole, and of the picture within a frame or a screenshot, where it is good enough; phash:
    unless the picture is too plain for PDQ; regional: if it was asked for."""

    width: int
    height: int
    pdq: tuple[str, ...]
    phash: str | None
    regional: query.Query | None


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
        image = decode.decode(data).image
    except decode.Refused as refused:
        raise NotAPicture(refused.code) from refused
    within = trimming.picture_within(image)
    parts = [image]
    if within is not None:
        parts.append(image.crop((within.left, within.top, within.right, within.bottom)))
    hashes = [pdq.pdq(part) for part in parts]
    return Picture(
        width=image.width,
        height=image.height,
        pdq=tuple(one.value for one in hashes if one.quality >= QUALITY),
        phash=str(imagehash.phash(image)) if hashes[0].quality >= QUALITY else None,
        regional=query.prepare(image) if regional else None,
    )
