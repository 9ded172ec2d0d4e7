"""The decision from a vote: thresholds that grow, lines that prove little, places that are not pictures."""

from __future__ import annotations

import numpy as np
import pytest

from hashing.matching import decide, vote
from hashing.matching.decide import Decision
from hashing.matching.fitting import Doubles


def fields(score: float, inliers: float, visible: float, spread: float = 0.1, near: float = 30.0) -> Doubles:
    found = np.zeros(vote.FIELDS)
    found[[vote.SCORE, vote.INLIERS, vote.VISIBLE, vote.SPREAD, vote.NEARNESS]] = (
        score,
        inliers,
        visible,
        spread,
        near,
    )
    return found


def test_the_threshold_grows_with_the_list() -> None:
    assert decide.threshold(5) == decide.threshold(1000) == 14
    assert decide.threshold(1_000_000) == pytest.approx(27.95, abs=0.01)
    assert decide.threshold(2_000_000) - decide.threshold(1_000_000) == pytest.approx(1.4)


@pytest.mark.parametrize(
    ("vote_fields", "pictures", "answer"),
    [
        (fields(13.9, 5, 6), 1000, Decision.NONE),
        (fields(14.1, 5, 6), 1000, Decision.COPY),
        (fields(20, 5, 6), 1_000_000, Decision.NONE),
        (fields(200, 50, 64), 1_000_000, Decision.COPY),
        (fields(20, 5, 30, near=55), 1000, Decision.LOOK),
        (fields(60, 14, 64, near=55), 1000, Decision.LOOK),  # another person before the same wall
        (fields(60, 16, 64, near=25), 1000, Decision.COPY),  # a copy under a large caption
        (fields(60, 8, 64, near=25), 1000, Decision.LOOK),
        (fields(20, 5, 6, spread=0.01), 1000, Decision.NONE),  # on one line
        (fields(40, 8, 12, spread=0.01), 1000, Decision.LOOK),
        (fields(20, 2, 2), 1000, Decision.NONE),
    ],
)
def test_decisions(vote_fields: Doubles, pictures: int, answer: Decision) -> None:
    assert decide.decide(vote_fields, pictures) is answer
