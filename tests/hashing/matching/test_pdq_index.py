"""The PDQ index gives what comparing all hashes gives: no row more, none less."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashing.fingerprints.pdq import PdqHash
from hashing.matching import pdq, pdq_index
from hashing.matching.vote import Words


def turned(word: Words, bits: int, rng: np.random.Generator) -> Words:
    unpacked = np.unpackbits(word.view(np.uint8))
    unpacked[rng.permutation(256)[:bits]] ^= 1
    return np.packbits(unpacked).view(np.uint64)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 3000), st.lists(st.integers(0, 45), min_size=1, max_size=12))
def test_it_finds_exactly_what_lies_within_31_bits(seed: int, count: int, bits: list[int]) -> None:
    rng = np.random.default_rng(seed)
    words = rng.integers(0, 2**63, (count, 4), dtype=np.uint64)
    query = rng.integers(0, 2**63, 4, dtype=np.uint64)
    for at, turns in enumerate(bits[:count]):
        words[at] = turned(query, turns, rng)
    rows, far = pdq_index.build(words).within(query)
    every = np.bitwise_count(words ^ query).sum(axis=1)
    assert rows.tolist() == np.flatnonzero(every <= 31).tolist()
    assert far.tolist() == every[rows].tolist()


@pytest.mark.parametrize("count", [1, 1000, 64_000, 1_000_000, 10_000_000, 200_000_000])
def test_no_pair_can_hide_between_the_stretches(count: int) -> None:
    start, bits, allowance = pdq_index.stretches(count)
    assert bits.sum() == 256
    assert (start == np.concatenate(([0], np.cumsum(bits)[:-1]))).all()
    assert (allowance + 1).sum() == 32
    assert allowance.max() <= 2
    assert bits.max() <= pdq_index.MOST_BITS


def test_the_nearest_hash_of_sufficient_quality_wins() -> None:
    rng = np.random.default_rng(3)
    query = rng.integers(0, 2**63, 4, dtype=np.uint64)
    hashes = [PdqHash("original", turned(query, bits, rng).tobytes().hex(), 100) for bits in (40, 20, 9)]
    poor = PdqHash("original", query.tobytes().hex(), 20)
    asked = PdqHash("original", query.tobytes().hex(), 90)
    listed = pdq.bank([[hashes[0]], [hashes[1], poor], [hashes[2]], [poor]])
    assert listed.nearest([asked]) == (2, 9)
    assert listed.nearest([poor]) is None
    assert pdq.bank([[hashes[0]]]).nearest([asked]) is None
    assert pdq.bank([]).nearest([asked]) is None
