"""Where in the query an enrolled picture was seen."""

from __future__ import annotations

import numpy as np

from hashing.fingerprints.boxes import Rectangle
from hashing.fingerprints.regional.query import BOTH, MIRRORED, Query
from hashing.matching.fitting import Doubles
from hashing.matching.vote import MAP, VIEW

Box = tuple[int, int, int, int]


def seen(fields: Doubles, query: Query, frame: tuple[int, int], box: Rectangle) -> Box:
    """The part of the upload (left, top, right, bottom in its own pixels) that the enrolled picture covers.

    frame: the enrolled picture's width and height at 512; box: the upload, or the piece of it, that the query
    was made of.
    """
    width, height = frame
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float64)
    a, b, c, d, e, f = fields[MAP : MAP + 6]
    x = corners @ np.array([a, b]) + c
    y = corners @ np.array([d, e]) + f
    if int(fields[VIEW]) in {MIRRORED, BOTH}:
        x = query.width - 1 - x
    x, y = box.left + x * (box.width / query.width), box.top + y * (box.height / query.height)
    left, right = np.clip([x.min(), x.max()], box.left, box.right)
    top, bottom = np.clip([y.min(), y.max()], box.top, box.bottom)
    return round(left), round(top), round(right), round(bottom)
