"""Maps from places in an enrolled picture to places in a query: from one match, refined over many.

A map is six numbers (a, b, c, d, e, f): x' = a x + b y + c, y' = d x + e y + f.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hashing.matching.compiled import compiled

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]

# Inliers this close to one line (smaller over larger spread) can't carry a full affine map.
LINE = 0.15
AFFINE_FROM = 4


@compiled
def turn(difference: float) -> float:
    """The size of a difference of angles, 0 to pi."""
    rest = abs(difference) % (2 * math.pi)
    return rest if rest <= math.pi else 2 * math.pi - rest


@compiled
def from_one(scale: float, angle: float, from_x: float, from_y: float, to_x: float, to_y: float) -> Doubles:
    """The similarity that one match of sizes and directions gives."""
    found = np.empty(6)
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    found[0], found[1], found[2] = c, -s, to_x - c * from_x + s * from_y
    found[3], found[4], found[5] = s, c, to_y - s * from_x - c * from_y
    return found


@compiled
def moments(from_x: Floats, from_y: Floats, to_x: Floats, to_y: Floats, weight: Floats) -> Doubles:
    """Weighted means (4), then sums of products about them: xx, xy, yy, xu, yu, xv, yv."""
    out = np.zeros(11)
    total = 0.0
    for i in range(len(weight)):
        total += weight[i]
        out[0] += weight[i] * from_x[i]
        out[1] += weight[i] * from_y[i]
        out[2] += weight[i] * to_x[i]
        out[3] += weight[i] * to_y[i]
    for i in range(4):
        out[i] /= total
    for i in range(len(weight)):
        x, y = from_x[i] - out[0], from_y[i] - out[1]
        u, v = to_x[i] - out[2], to_y[i] - out[3]
        out[4] += weight[i] * x * x
        out[5] += weight[i] * x * y
        out[6] += weight[i] * y * y
        out[7] += weight[i] * x * u
        out[8] += weight[i] * y * u
        out[9] += weight[i] * x * v
        out[10] += weight[i] * y * v
    return out


@compiled
def fit(from_x: Floats, from_y: Floats, to_x: Floats, to_y: Floats, weight: Floats) -> Doubles:
    """The best map over weighted matches: affine if they are enough and spread, else a similarity."""
    m = moments(from_x, from_y, to_x, to_y, weight)
    xx, xy, yy = m[4], m[5], m[6]
    found = np.empty(6)
    half, root = (xx + yy) / 2, math.sqrt(((xx - yy) / 2) ** 2 + xy * xy)
    determinant = xx * yy - xy * xy
    if len(weight) >= AFFINE_FROM and half - root > LINE * LINE * (half + root) and determinant > 0:
        found[0] = (m[7] * yy - m[8] * xy) / determinant
        found[1] = (m[8] * xx - m[7] * xy) / determinant
        found[3] = (m[9] * yy - m[10] * xy) / determinant
        found[4] = (m[10] * xx - m[9] * xy) / determinant
    else:
        spread = max(xx + yy, 1e-9)
        c, s = (m[7] + m[10]) / spread, (m[9] - m[8]) / spread
        found[0], found[1], found[3], found[4] = c, -s, s, c
    found[2] = m[2] - found[0] * m[0] - found[1] * m[1]
    found[5] = m[3] - found[3] * m[0] - found[4] * m[1]
    return found


@compiled
def spread(x: Floats, y: Floats) -> float:
    """How wide the places lie across their main line: the smaller standard deviation."""
    n = len(x)
    if n == 0:
        return 0.0
    mx, my = x.mean(), y.mean()
    xx = yy = xy = 0.0
    for i in range(n):
        xx += (x[i] - mx) ** 2
        yy += (y[i] - my) ** 2
        xy += (x[i] - mx) * (y[i] - my)
    least = (xx + yy) / 2 - math.sqrt(((xx - yy) / 2) ** 2 + xy * xy)
    return math.sqrt(max(0.0, least) / n)
