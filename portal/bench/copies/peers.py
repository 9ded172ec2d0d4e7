"""What others find: MD5, PDQ, imagehash. Each says whether an altered picture is told to be a copy."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import imagehash
from PIL import Image

from hashing.fingerprints import pdq, pdq_variants

PDQ_WITHIN = 31
IMAGEHASH_WITHIN = 8
IMAGEHASHES = {"phash": imagehash.phash, "dhash": imagehash.dhash, "whash": imagehash.whash}
NAMES = ("md5", "pdq", "pdq_8", "pdq_set", *IMAGEHASHES)


@dataclass(frozen=True, slots=True)
class Peers:
    """A picture's fingerprints by other methods."""

    md5: str
    pdq: str
    eight: tuple[str, ...]
    variants: tuple[str, ...]
    imagehashes: dict[str, imagehash.ImageHash]

    @classmethod
    def of(cls, data: bytes, picture: Image.Image) -> Peers:
        """Of a picture in the list: with the variants that are listed for partners."""
        names = tuple(found.value for found in pdq_variants.variants(picture))
        return cls(_md5(data), names[0], names[: len(pdq.ORIENTATIONS)], names, _imagehashes(picture))

    def find(self, data: bytes, picture: Image.Image) -> dict[str, bool]:
        """By each method's usual limit, an upload hashed once, as it is."""
        asked = pdq.pdq(picture).value
        nearest = {
            name: min(pdq.distance(asked, value) for value in values) <= PDQ_WITHIN
            for name, values in (("pdq", (self.pdq,)), ("pdq_8", self.eight), ("pdq_set", self.variants))
        }
        theirs = _imagehashes(picture)
        near = {name: bool(self.imagehashes[name] - theirs[name] <= IMAGEHASH_WITHIN) for name in IMAGEHASHES}
        return {"md5": _md5(data) == self.md5, **nearest, **near}


def crop_resistant(listed: Image.Image, asked: Sequence[Image.Image]) -> list[bool]:
    """imagehash's crop-resistant hash with its usual match. A second each: for small samples."""
    own = imagehash.crop_resistant_hash(listed)
    return [bool(own.matches(imagehash.crop_resistant_hash(picture))) for picture in asked]


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _imagehashes(picture: Image.Image) -> dict[str, imagehash.ImageHash]:
    return {name: make(picture) for name, make in IMAGEHASHES.items()}
