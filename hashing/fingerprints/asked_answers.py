"""How a caged child hands back what a picture is looked up by: a JSON line, then array after array.

The child handled hostile bytes and may have been taken over, so each value is checked before it is believed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints import pieces
from hashing.fingerprints.answers import Unbelievable, text, whole
from hashing.fingerprints.asked import Asked, Piece
from hashing.fingerprints.boxes import Rectangle
from hashing.fingerprints.pdq import PdqHash
from hashing.fingerprints.regional import query
from hashing.fingerprints.regional.query import Query

_LONGEST_SIDE = 100_000_000
_HIGHEST_QUALITY = 100
_MOST_PDQ = 2 * (1 + pieces.MOST)
_MOST_ROWS = 2 * query.MOST + 2 * query.MOST_INVERTED
# Name, type, width of a row, and how large a number may be.
_ARRAYS: tuple[tuple[str, str, int, float], ...] = (
    ("x", "<f4", 1, 1e3),
    ("y", "<f4", 1, 1e3),
    ("scale", "<f4", 1, 10),
    ("angle", "<f4", 1, 100),
    ("spot", "<i4", 1, 1e6),
    ("codes", "<u1", 32, 255),
    ("projected", "<f4", 256, 1e12),
)


def pack(asked: Asked) -> bytes:
    head = {
        "width": asked.width,
        "height": asked.height,
        "digests": asked.digests,
        "pdq": [[own.value, own.quality] for own in asked.pdq],
        "pieces": [[piece.box, _shapes(piece.regional)] for piece in asked.pieces()],
    }
    arrays = [
        np.ascontiguousarray(getattr(own, name)).astype(kind).tobytes()
        for piece in asked.pieces()
        for own in piece.regional.values()
        for name, kind, _width, _most in _ARRAYS
    ]
    return json.dumps(head).encode() + b"\n" + b"".join(arrays)


def _shapes(regional: Mapping[int, Query]) -> list[list[object]]:
    return [[version, own.width, own.height, own.start.tolist()] for version, own in regional.items()]


def unpack(answer: bytes) -> Asked | str:
    """What was packed, or the code of a refusal. Raises Unbelievable."""
    head, _, rest = answer.partition(b"\n")
    try:
        values = json.loads(head)
        if set(values) == {"refusal"}:
            return text(values["refusal"], "[a-z_]{1,32}")
        return _asked(values, rest)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unbelievable("the answer isn't of the agreed form") from error


def _asked(values: Mapping[str, Any], rest: bytes) -> Asked:
    sha256, md5 = values["digests"]
    hashes = [
        PdqHash("original", text(value, "[0-9a-f]{64}"), whole(quality, _HIGHEST_QUALITY))
        for value, quality in values["pdq"]
    ]
    if len(hashes) > _MOST_PDQ:
        raise Unbelievable("there are more PDQ hashes than pictures")
    size = (whole(values["width"], _LONGEST_SIDE), whole(values["height"], _LONGEST_SIDE))
    first, *more = _pieces(values["pieces"], size, memoryview(rest))
    digests = (text(sha256, "[0-9a-f]{64}"), text(md5, "[0-9a-f]{32}"))
    return Asked(*size, digests, tuple(hashes), first.regional, tuple(more))


def _pieces(given: list[Any], size: tuple[int, int], rest: memoryview) -> list[Piece]:
    """The whole and what lies in it; every byte of the arrays belongs to one of them."""
    if len(given) > 1 + pieces.MOST:
        raise Unbelievable("there are more pieces than are looked up")
    found: list[Piece] = []
    for edges, shapes in given:
        box = Rectangle(*(whole(edge, _LONGEST_SIDE) for edge in edges))
        if not box.fits(*size):
            raise Unbelievable("a piece isn't within the picture")
        regional: dict[int, Query] = {}
        for version, width, height, start in shapes:
            regional[whole(version, 0xFFFF)], rest = _query(width, height, start, rest)
        found.append(Piece(box, regional))
    if rest:
        raise Unbelievable("there is more than was announced")
    return found


def _query(width: Any, height: Any, start: list[object], rest: memoryview) -> tuple[Query, memoryview]:
    """The version's arrays, and what comes after them."""
    bounds = [whole(at, _MOST_ROWS) for at in start]
    if len(bounds) != query.VIEWS + 1 or bounds[0] != 0 or bounds != sorted(bounds):
        raise Unbelievable("the views aren't one after another")
    found: dict[str, NDArray[Any]] = {}
    for name, kind, each, most in _ARRAYS:
        dtype = np.dtype(kind)
        size = bounds[-1] * each * dtype.itemsize
        if len(rest) < size:
            raise Unbelievable("an array is cut short")
        array, rest = np.frombuffer(rest[:size], dtype), rest[size:]
        if not (np.abs(array) <= most).all():
            raise Unbelievable("a number isn't in range")
        found[name] = array.reshape(-1, each) if each > 1 else array
    width, height = max(1, whole(width, query.SIDE)), max(1, whole(height, query.SIDE))
    return Query(width=width, height=height, start=np.array(bounds, np.int32), **found), rest
