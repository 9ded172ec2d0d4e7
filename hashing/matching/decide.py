"""From a vote to an answer: this picture (copy), worth a person's look, or nothing."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from hashing.matching import vote
from hashing.matching.fitting import Doubles


class Decision(StrEnum):
    COPY = "copy"
    LOOK = "look"
    NONE = "none"


# Unrelated pictures reach one more point half as often. The list's threshold is where a thousand pictures
# give less than one false look in a hundred queries, and it rises as the list doubles.
SHORT_LIST = 1000
AT_SHORT_LIST = 14.0
PER_DOUBLING = 1.4
# Matches on one line (shutters, pillars, edges of screens) prove little.
LEAST_SPREAD = 0.025
FEWEST_INLIERS = 3
# Half of what should be seen is seen: a copy. Fewer will do where they match as only the same picture does.
# Another photograph of the same wall shares few regions and roughly (50 bits apart and more); a copy under a
# caption or in a collage shares few, but nearly bit for bit.
COPY_RATIO = 0.5
COVERED_RATIO = 0.22
COVERED_NEARNESS = 40.0
COVERED_INLIERS = 6
# Twice the threshold, even along one line, is no accident: a person looks.
SURE = 2.0


def threshold(pictures: int) -> float:
    """The least score that counts in a list of this many enrolled pictures."""
    return AT_SHORT_LIST + PER_DOUBLING * float(np.log2(max(pictures, SHORT_LIST) / SHORT_LIST))


def ratio(fields: Doubles) -> float:
    """The share of the regions that should be seen in the query that are."""
    return float(fields[vote.INLIERS] / max(1.0, fields[vote.VISIBLE]))


def is_copy(fields: Doubles) -> bool:
    """Whether a vote above the threshold tells this very picture from another of the same place or moment."""
    if ratio(fields) > COPY_RATIO:
        return True
    near = fields[vote.NEARNESS] <= COVERED_NEARNESS and fields[vote.INLIERS] >= COVERED_INLIERS
    return bool(near and ratio(fields) >= COVERED_RATIO)


def decide(fields: Doubles, pictures: int) -> Decision:
    """The answer for the best vote in a list of this many pictures."""
    least = threshold(pictures)
    if fields[vote.SCORE] < least or fields[vote.INLIERS] < FEWEST_INLIERS:
        return Decision.NONE
    if fields[vote.SPREAD] < LEAST_SPREAD:
        return Decision.LOOK if fields[vote.SCORE] >= SURE * least else Decision.NONE
    return Decision.COPY if is_copy(fields) else Decision.LOOK
