"""From a vote to an answer: this picture (copy), worth a person's look, or nothing."""

from __future__ import annotations

import numpy as np

from hashing.matching import vote
from hashing.matching.answers import Decision
from hashing.matching.fitting import Doubles

# Of pictures with nothing in common, half as many reach each further point: one pair in ten million reaches
# 17.5. So the threshold rises as the list doubles, a little faster than chance would need.
SHORT_LIST = 1000
AT_SHORT_LIST = 16.0
PER_DOUBLING = 1.2
FEWEST_INLIERS = 3
# Matches on one line (shutters, pillars, edges of screens) prove little; half as much again is no accident.
LEAST_SPREAD = 0.015
SURE = 1.5
# Another photograph of the same place or garment shares a small part of what should be seen, from another
# angle: a flat map fits it badly. So small a part must be worth more, the more the worse it fits.
PART_RATIO = 0.15
# The least score, and how far off (median pixels, at 512) the matches may then be.
PART = ((46.0, 2.5), (30.0, 1.0))
# Half of what should be seen is seen: a copy. Fewer will do where they match as only the same picture does:
# all in place, and nearly bit for bit. Another photograph's are 50 bits apart and more, or out of place.
COPY_RATIO = 0.5
EXACT_RESIDUAL = 1.5
EXACT_INLIERS = 6
# The share seen, and how near (median bits) it must then be.
EXACT = ((0.33, 48.0), (0.22, 40.0))


def threshold(pictures: int) -> float:
    """The least score that counts in a list of this many enrolled pictures."""
    return AT_SHORT_LIST + PER_DOUBLING * float(np.log2(max(pictures, SHORT_LIST) / SHORT_LIST))


def ratio(fields: Doubles) -> float:
    """The share of the regions that should be seen in the query that are."""
    return float(fields[vote.INLIERS] / max(1.0, fields[vote.VISIBLE]))


def is_copy(fields: Doubles) -> bool:
    """Whether a vote above the threshold tells this very picture from another of the same place or moment."""
    seen = ratio(fields)
    if seen > COPY_RATIO:
        return True
    if fields[vote.RESIDUAL] > EXACT_RESIDUAL or fields[vote.INLIERS] < EXACT_INLIERS:
        return False
    return any(seen >= share and fields[vote.NEARNESS] <= near for share, near in EXACT)


def is_worth_a_look(fields: Doubles, least: float) -> bool:
    """Whether a vote is more than chance, a line, or a corner of another picture of the same place."""
    score = fields[vote.SCORE]
    if score < least or fields[vote.INLIERS] < FEWEST_INLIERS:
        return False
    if fields[vote.SPREAD] < LEAST_SPREAD and score < SURE * least:
        return False
    if ratio(fields) >= PART_RATIO:
        return True
    return any(score >= enough and fields[vote.RESIDUAL] <= off for enough, off in PART)


def decide(fields: Doubles, pictures: int) -> Decision:
    """The answer for the best vote in a list of this many pictures."""
    if not is_worth_a_look(fields, threshold(pictures)):
        return Decision.NONE
    return Decision.COPY if is_copy(fields) else Decision.LOOK
