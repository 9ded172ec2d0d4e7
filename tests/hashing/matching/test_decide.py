"""The decision from a vote: thresholds that grow, lines that prove little, places that are not pictures."""

from __future__ import annotations

import numpy as np
import pytest

from hashing.matching import decide, vote
from hashing.matching.answers import Decision
from hashing.matching.fitting import Doubles


def fields(
    score: float, inliers: float, visible: float, *, spread: float = 0.1, near: float = 30.0, off: float = 1.0
) -> Doubles:
    found = np.zeros(vote.FIELDS)
    found[[vote.SCORE, vote.INLIERS, vote.VISIBLE, vote.SPREAD, vote.NEARNESS, vote.RESIDUAL]] = (
        score,
        inliers,
        visible,
        spread,
        near,
        off,
    )
    return found


def test_the_threshold_grows_with_the_list() -> None:
    assert decide.threshold(5) == decide.threshold(1000) == 16
    assert decide.threshold(1_000_000) == pytest.approx(27.96, abs=0.01)
    assert decide.threshold(2_000_000) - decide.threshold(1_000_000) == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("vote_fields", "pictures", "answer"),
    [
        (fields(15.9, 5, 6), 1000, Decision.NONE),
        (fields(16.1, 5, 6), 1000, Decision.COPY),
        (fields(20, 5, 6), 1_000_000, Decision.NONE),
        (fields(200, 90, 120), 1_000_000, Decision.COPY),
        (fields(20, 5, 30, near=55), 1000, Decision.LOOK),
        (fields(90, 24, 120, near=55), 1000, Decision.LOOK),  # another person before the same wall
        (fields(90, 30, 120, near=25), 1000, Decision.COPY),  # a copy under a large caption
        (fields(90, 30, 120, near=25, off=2), 1000, Decision.LOOK),  # from another angle
        (fields(90, 30, 120, near=45), 1000, Decision.LOOK),
        (fields(120, 42, 120, near=45), 1000, Decision.COPY),
        (fields(20, 2, 2), 1000, Decision.NONE),
    ],
)
def test_decisions(vote_fields: Doubles, pictures: int, answer: Decision) -> None:
    assert decide.decide(vote_fields, pictures) is answer


@pytest.mark.parametrize(
    ("vote_fields", "answer"),
    [
        (fields(20, 5, 6, spread=0.01), Decision.NONE),
        (fields(20, 5, 6, spread=0.02), Decision.COPY),
        (fields(24, 5, 6, spread=0.01), Decision.COPY),
    ],
)
def test_matches_on_one_line_must_be_worth_more(vote_fields: Doubles, answer: Decision) -> None:
    assert decide.decide(vote_fields, 1000) is answer


@pytest.mark.parametrize(
    ("vote_fields", "answer"),
    [
        (fields(45, 12, 100, off=2), Decision.NONE),
        (fields(47, 12, 100, off=2), Decision.LOOK),
        (fields(47, 12, 100, off=3), Decision.NONE),
        (fields(29, 8, 100, off=0.9), Decision.NONE),
        (fields(31, 8, 100, off=0.9), Decision.LOOK),
        (fields(31, 8, 100, off=1.1), Decision.NONE),
        (fields(17, 15, 100), Decision.LOOK),
    ],
)
def test_a_small_part_of_what_should_be_seen_must_be_worth_more_and_fit(
    vote_fields: Doubles, answer: Decision
) -> None:
    assert decide.decide(vote_fields, 1000) is answer
