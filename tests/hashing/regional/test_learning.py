"""Learning a table from a few pictures gives a table that works, and the same one every time."""

from __future__ import annotations

import numpy as np

from hashing.fingerprints.regional import figures, learning, pages, regions
from tests.hashing.samples import sample


def test_a_table_learned_twice_is_the_same_and_tells_copies_from_chance() -> None:
    pixels = [regions.grey(sample(name), 320) for name in ("coffee", "astronaut", "chelsea")]
    pairs = [learning.pairs_of(one, seed=at, rounds=2) for at, one in enumerate(pixels)]
    learned, again = learning.learn(pairs), learning.learn(pairs)
    assert (learned.projection == again.projection).all()
    assert (learned.threshold == again.threshold).all()
    assert np.median(figures.true_distances(pairs, learned)) < 70
    false = figures.false_counts(pairs, learned)
    assert (np.arange(257) * false).sum() / false.sum() > 110


def test_directions_within_a_frame_are_orthonormal() -> None:
    frames = learning.super_bits(np.random.default_rng(1))
    first = frames[:, : learning.DIRECTIONS]
    assert np.allclose(first.T @ first, np.eye(learning.DIRECTIONS), atol=1e-9)


def test_a_page_has_letters_to_learn_from() -> None:
    found = regions.find(np.asarray(pages.page(3)), smallest=2.6, most=700)
    assert len(found) > 200
