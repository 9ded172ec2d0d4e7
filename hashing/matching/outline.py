"""Where in the query an enrolled picture was seen."""

from __future__ import annotations

import numpy as np

from hashing.fingerprints.regional.query import BOTH, MIRRORED, Query
from hashing.matching.fitting import Doubles
from hashing.matching.vote import MAP, VIEW

Box = tuple[int, int, int, int]


def seen(fields: Doubles, query: Query, frame: tuple[int, int], size: tuple[int, int]) -> Box:
    """The part of the query (left, top, right, bottom in its own pixels) that the enrolled picture covers.

    frame: the enrolled picture's width and height at 512; size: the query's real width and height.
    """
    width, height = frame
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float64)
    a, b, c, d, e, f = fields[MAP : MAP + 6]
    x = corners @ np.array([a, b]) + c
    y = corners @ np.array([d, e]) + f
    if int(fields[VIEW]) in {MIRRORED, BOTH}:
        x = query.width - 1 - x
    x, y = x * (size[0] / query.width), y * (size[1] / query.height)
    left, right = np.clip([x.min(), x.max()], 0, size[0])
    top, bottom = np.clip([y.min(), y.max()], 0, size[1])
    return round(left), round(top), round(right), round(bottom)
