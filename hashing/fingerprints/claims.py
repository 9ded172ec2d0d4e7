"""What a browser says the fingerprints of a picture are. Nobody here has seen it: nothing is believed.

A made-up set can't be told from a true one for certain; what can be checked is. The eight orientations of one
picture hash to values that follow from each other (turning or mirroring it only changes signs and the order
of its frequencies), each hash has half its bits set, places lie inside the frame, codes differ. What is left
is guarded by limits, by the wait before listing and by the collision guard.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.boxes import Rectangle
from hashing.fingerprints.pdq import ORIENTATIONS, PdqHash
from hashing.fingerprints.pdq_order import ORDER
from hashing.fingerprints.regional import codes, enrol, geometry, regions, serial
from hashing.fingerprints.regional.table import VERSION, current

# Over 100 photographs the median was 14 bits and the most 74; unrelated hashes differ by 128, give or take 8.
TOLERANCE = 90
HALF, HALF_TOLERANCE = 128, 2
LONGEST_SIDE = 100_000
SMALLEST_REGION = 3.0
# Codes of different regions of one picture are hardly ever this near; of a made-up set they may be.
NEAR = 8
MOST_NEAR = 16
_HEX = re.compile(r"[0-9a-f]{64}")
_SIDE = 16
_odd = (np.arange(1, _SIDE + 1) % 2).astype(np.uint8)
_ROWS = np.repeat(_odd[:, None], _SIDE, axis=1)
_COLUMNS = _ROWS.T
_SIGNS = (np.zeros_like(_ROWS), _ROWS, _COLUMNS, _ROWS ^ _COLUMNS)

Bits = NDArray[np.uint8]


class Unbelievable(ValueError):
    """The claim is not of the agreed form, or contradicts itself. The text is for logs: it holds no value."""


@dataclass(frozen=True)
class Claim:
    """One picture as a browser describes it, in pixels of the upright picture.

    `proposed` is the frame's inside as the browser found it, None where it found none; `within` the part that
    was fingerprinted, None for all of it. `pdq` begins with the eight orientations.
    """

    sha256: str
    width: int
    height: int
    proposed: Rectangle | None
    within: Rectangle | None
    pdq: tuple[PdqHash, ...]
    regional: serial.Enrolled


def read(text: str, *, most: int) -> list[Claim]:
    """The claims in what the page sent: a JSON list of at most `most`. Raises Unbelievable."""
    try:
        found = json.loads(text)
        if not isinstance(found, list) or len(found) > most:
            raise Unbelievable("not a list, or too long a one")
        return [_claim(item) for item in found]
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
        raise error if isinstance(error, Unbelievable) else Unbelievable("not of the agreed form") from error


def _claim(item: dict[str, Any]) -> Claim:
    width, height = _whole(item["width"], 1, LONGEST_SIDE), _whole(item["height"], 1, LONGEST_SIDE)
    proposed, within = _part(item["proposed"], width, height), _part(item["within"], width, height)
    if within not in {None, proposed}:
        raise Unbelievable("another part than the one that was shown")
    pdq = tuple(_hash(entry) for entry in item["pdq"])
    _check_pdq(pdq)
    regional = serial.parse(base64.b64decode(item["regional"], validate=True))
    _check_regional(regional, within or Rectangle(0, 0, width, height))
    return Claim(_hex(item["sha256"]), width, height, proposed, within, pdq, rarer(regional))


def _part(item: dict[str, Any] | None, width: int, height: int) -> Rectangle | None:
    if item is None:
        return None
    box = Rectangle(*(_whole(item[side], 0, LONGEST_SIDE) for side in ("left", "top", "right", "bottom")))
    if not box.fits(width, height):
        raise Unbelievable("a part outside the picture")
    return box


def _hash(item: dict[str, Any]) -> PdqHash:
    value = _hex(item["value"])
    if abs(int(value, 16).bit_count() - HALF) > HALF_TOLERANCE:
        raise Unbelievable("a hash without half its bits")
    return PdqHash(str(item["variant"]), value, _whole(item["quality"], 0, 100))


def _check_pdq(found: tuple[PdqHash, ...]) -> None:
    names = [one.variant for one in found]
    if len(set(names)) != len(names) or not set(names) <= set(ORDER):
        raise Unbelievable("variants twice, or unknown")
    by_name = {one.variant: bits_of(one.value) for one in found}
    if "original" not in by_name:
        raise Unbelievable("no hash of the picture as it is")
    expected = turned(by_name["original"])
    there = {name: bits for name, bits in by_name.items() if name in ORIENTATIONS}
    if any(_apart(bits, there[name]) > TOLERANCE for name, bits in expected.items() if name in there):
        raise Unbelievable("orientations that contradict each other")
    missing = [bits for name, bits in expected.items() if name not in there]
    if missing and len(set(map(bytes, by_name.values()))) < len(by_name):
        raise Unbelievable("orientations left out, and others said twice")
    if missing and not _symmetric(missing, list(there.values())):
        raise Unbelievable("orientations left out of a picture that is not its own mirror image")


def _symmetric(missing: Sequence[Bits], there: Sequence[Bits]) -> bool:
    """Whether what is missing only repeats what is there, as in a picture that is its own mirror image.

    There each pair of orientations has one hash. It can be as expected of one of the two alone: what the
    mirror would turn is next to nothing, and stays what it is. So some of the missing are there as they are
    expected (in photographs made symmetric, of 451 pixels and more, to 62 bits), the others but for signs.
    """
    literally = min(int((bits != own).sum()) for bits in missing for own in there)
    but_for_signs = max(min(_apart(bits, own) for own in there) for bits in missing)
    return literally <= TOLERANCE and but_for_signs <= TOLERANCE


def turned(bits: Bits) -> dict[str, Bits]:
    """What the seven other orientations hash to, but for bits near the median: (16, 16) each.

    Mirroring a picture turns the sign of every odd frequency that way; lying it down swaps rows and columns.
    """
    return {
        "rotate90": (bits ^ _COLUMNS).T,
        "rotate180": bits ^ _ROWS ^ _COLUMNS,
        "rotate270": (bits ^ _ROWS).T,
        "flipx": bits ^ _ROWS,
        "flipy": bits ^ _COLUMNS,
        "rotate90flipx": bits.T,
        "rotate270flipx": (bits ^ _ROWS ^ _COLUMNS).T,
    }


def _apart(expected: Bits, found: Bits) -> int:
    """Bits that differ, but for signs: a picture that is (nearly) its own mirror image has hardly any of the
    frequencies whose sign a mirror would turn, and their bits stay as they are."""
    return min(int((expected ^ signs != found).sum()) for signs in _SIGNS)


def _check_regional(found: serial.Enrolled, part: Rectangle) -> None:
    if found.version != VERSION:
        raise Unbelievable("codes of another version")
    longest = max(part.width, part.height)
    for side, pixels in ((found.width, part.width), (found.height, part.height)):
        if abs(side - min(enrol.SIDE / longest, regions.MAX_UPSCALE) * pixels) > serial.FRAME_STEP:
            raise Unbelievable("regions of a picture of another shape")
    if not len(found):
        return
    places = geometry.unpack(found.places)
    inside = (places.x <= found.width + serial.FRAME_STEP) & (places.y <= found.height + serial.FRAME_STEP)
    if not inside.all() or np.exp(places.scale).min() < SMALLEST_REGION:
        raise Unbelievable("regions outside the picture, or too small")
    apart = codes.distances(found.codes, found.codes)
    if int((np.triu(apart <= NEAR, k=1)).sum()) > MOST_NEAR:
        raise Unbelievable("the same code again and again")


def rarer(found: serial.Enrolled) -> serial.Enrolled:
    """The same with each code as common as it is by our own count, or as it was said to be if that is more:
    what is common weighs little in a match, so nobody may call a common code rare."""
    if not len(found):
        return found
    places = geometry.unpack(found.places)
    common = np.maximum(places.common, enrol.commonness(found.codes, current()))
    return replace(found, places=geometry.pack(replace(places, common=common)))


def bits_of(value: str) -> Bits:
    """(16, 16) by frequency: the last bit of the hex form is the lowest."""
    return np.unpackbits(np.frombuffer(bytes.fromhex(value), dtype=np.uint8))[::-1].reshape(_SIDE, _SIDE)


def _hex(value: object) -> str:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise Unbelievable("not 64 hex digits")
    return value


def _whole(value: object, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Unbelievable("a number out of range")
    return value
