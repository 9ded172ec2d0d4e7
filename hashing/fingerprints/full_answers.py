"""What the child of full fingerprinting answers, checked value by value: it handled hostile bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from hashing.fingerprints import answers
from hashing.fingerprints.answers import Unbelievable
from hashing.fingerprints.boxes import Rectangle
from hashing.fingerprints.pdq import PdqHash
from hashing.fingerprints.regional import geometry, serial
from hashing.fingerprints.regional.serial import Enrolled

_COMMON_PENALTY = 0.7


@dataclass(frozen=True)
class FullFingerprints:
    """`box` is the part that was fingerprinted, None for the whole; `regional` are the bytes to store."""

    box: Rectangle | None
    phash: str
    pdq_set: tuple[PdqHash, ...]
    regional: bytes

    @property
    def enrolled(self) -> Enrolled:
        return serial.parse(self.regional)

    @property
    def strength(self) -> int:
        return strength(self.enrolled)


def unpack(answer: bytes, *, width: int, height: int) -> FullFingerprints:
    """`width` and `height` are the upright picture's. Raises Unbelievable, also for a refusal: the picture
    was decoded once already."""
    try:
        values = json.loads(answer.partition(b"\n")[0])
        return FullFingerprints(
            box=_box(values["box"], width, height),
            phash=answers.text(values["phash"], "[0-9a-f]{16}"),
            pdq_set=tuple(answers.pdq_set(values["pdq_set"])),
            regional=bytes.fromhex(answers.regional(values["regional"])),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unbelievable("the answer isn't of the agreed form") from error


def strength(enrolled: Enrolled) -> int:
    """0 to 100: how many regions there are, each counting less the more common it is."""
    rarity = 1 / (1 + _COMMON_PENALTY * geometry.unpack(enrolled.places).common)
    return round(100 * float(np.sum(rarity)) / serial.MOST_REGIONS)


def _box(value: object, width: int, height: int) -> Rectangle | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise Unbelievable("the box isn't of the agreed form")
    box = Rectangle(*(answers.whole(each, max(width, height)) for each in value))
    if not box.fits(width, height):
        raise Unbelievable("the box isn't within the picture")
    return box
