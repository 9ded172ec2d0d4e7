"""All fingerprints of one file. Never imports Django: the caged child and offline commands use it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import imagehash
from PIL import Image

from hashing.fingerprints import pdq
from portal.vault import decode

PHASH_ALGORITHM = "imagehash-phash-8-v1"


@dataclass(frozen=True)
class FileFingerprints:
    """Hex hashes of a file and of the upright picture in it. `variants` are the eight PDQ orientations, the
    first of them the picture as it is shown; width and height are in pixels, after EXIF orientation.
    `pdq_set` (pdq_variants.py) and `regional` (hex of regional/serial.py) are there if asked for."""

    media_type: str
    width: int
    height: int
    sha256: str
    md5: str
    phash: str
    variants: tuple[pdq.PdqHash, ...]
    pdq_set: tuple[pdq.PdqHash, ...] = ()
    regional: str = ""

    @property
    def pdq(self) -> str:
        return self.variants[0].value

    @property
    def pdq_quality(self) -> int:
        return self.variants[0].quality


def prepare() -> None:
    """Load all that hashing needs, before a caged child gives up opening files."""
    decode.prepare()
    sample = Image.new("RGB", (64, 64))
    imagehash.phash(sample)
    pdq.pdq(sample)


def fingerprint_file(data: bytes) -> FileFingerprints:
    """Decode and fingerprint a file's bytes. Raises portal.vault.decode.Refused."""
    return fingerprint_decoded(data, decode.decode(data))


def fingerprint_decoded(data: bytes, decoded: decode.Decoded) -> FileFingerprints:
    """The same, where the picture has been decoded already."""
    image = decoded.image
    return FileFingerprints(
        media_type=decoded.media_type,
        width=image.width,
        height=image.height,
        sha256=hashlib.sha256(data).hexdigest(),
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
        phash=str(imagehash.phash(image)),
        variants=pdq.orientations(image),
    )
