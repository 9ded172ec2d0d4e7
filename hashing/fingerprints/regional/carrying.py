"""A query by regions as text, to be looked up elsewhere. Never imports Django.

What leaves is what the index needs: each region's code and place, and for the regions that it is asked about
how sure each bit is, in sixteen steps.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional import query as queries
from hashing.fingerprints.regional.arrays import Bytes, Floats
from hashing.fingerprints.regional.codes import BITS, CODE_BYTES
from hashing.fingerprints.regional.query import MOST, MOST_INVERTED, SIDE, Query
from hashing.fingerprints.regional.table import Table

# How many regions of each view are asked about first: those have doubts.
ASKED = (300, 300, 100, 100)
STEPS, STEP = 15, 0.2
_PLACE, _DOUBT = 4, BITS // 2


def pack(query: Query, table: Table, size: tuple[int, int]) -> dict[str, Any]:
    """The fields that `unpack` reads. size: the upload's width and height in pixels."""
    places = np.stack([query.x, query.y, query.scale, query.angle], axis=1).astype("<f4")
    views = np.diff(query.start).tolist()
    doubt = np.abs(query.projected[_asked(views)]) / table.noise
    steps = np.minimum(STEPS, doubt / STEP).astype(np.uint8)
    return {
        "version": table.version,
        "width": size[0],
        "height": size[1],
        "views": views,
        "codes": _text(query.codes.tobytes()),
        "places": _text(places.tobytes()),
        "doubts": _text((steps[:, ::2] | steps[:, 1::2] << 4).tobytes()),
    }


def unpack(given: Mapping[str, Any], table: Table) -> Query:
    """Raises ValueError for what no picture gives."""
    views: list[int] = given["views"]
    if max(views[:2]) > MOST or max(views[2:]) > MOST_INVERTED:
        raise ValueError("too many regions")
    start = np.cumsum([0, *views]).astype(np.int32)
    width, height = _frame(given["width"], given["height"])
    codes = _array(given["codes"], np.dtype(np.uint8), (sum(views), CODE_BYTES))
    places = _array(given["places"], np.dtype("<f4"), (sum(views), _PLACE)).astype(np.float32)
    if not (np.isfinite(places).all() and (np.abs(places) <= 2 * SIDE).all()):
        raise ValueError("places outside the picture")
    return Query(
        width=width,
        height=height,
        start=start,
        x=places[:, 0].copy(),
        y=places[:, 1].copy(),
        scale=places[:, 2].copy(),
        angle=places[:, 3].copy(),
        spot=np.concatenate([_spots(places[start[v] : start[v + 1]]) for v in range(queries.VIEWS)]),
        codes=codes,
        projected=_projected(given["doubts"], codes, views, table),
    )


def _projected(doubts: str, codes: Bytes, views: Sequence[int], table: Table) -> Floats:
    """Distances from the threshold with the sign of each bit; those without doubts are never asked about."""
    rows = _asked(views)
    packed = _array(doubts, np.dtype(np.uint8), (len(rows), _DOUBT))
    steps = np.empty((len(rows), BITS), dtype=np.float32)
    steps[:, ::2], steps[:, 1::2] = packed & STEPS, packed >> 4
    signs = np.unpackbits(codes, axis=1, bitorder="little").astype(np.float32) * 2 - 1
    projected = signs * table.noise
    projected[rows] *= (steps + 0.5) * STEP
    return projected.astype(np.float32)


def _asked(views: Sequence[int]) -> NDArray[np.intp]:
    start = np.cumsum([0, *views])
    return np.concatenate(
        [np.arange(start[v], start[v] + min(n, ASKED[v])) for v, n in enumerate(views)]
    ).astype(np.intp)


def _frame(width: int, height: int) -> tuple[int, int]:
    """The upload scaled so that its longer side is 560."""
    ratio = SIDE / max(width, height)
    return max(1, round(width * ratio)), max(1, round(height * ratio))


def _spots(places: Floats) -> NDArray[np.int32]:
    if not len(places):
        return np.zeros(0, dtype=np.int32)
    steps = np.rint(places[:, :2] / queries.SPOT_STEP).astype(np.int32)
    return np.unique(steps, axis=0, return_inverse=True)[1].astype(np.int32).ravel()


def _array(text: str, kind: np.dtype[Any], shape: tuple[int, int]) -> NDArray[Any]:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64") from error
    if len(data) != shape[0] * shape[1] * kind.itemsize:
        raise ValueError("the wrong length for so many regions")
    return np.frombuffer(data, dtype=kind).reshape(shape)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
