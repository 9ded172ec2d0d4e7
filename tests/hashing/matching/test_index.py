"""The index returns only what is near, nearly all that is near, and what it returns is exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashing.fingerprints.regional.query import prepare
from hashing.fingerprints.regional.serial import MOST_REGIONS, Enrolled
from hashing.fingerprints.regional.table import current
from hashing.matching import drawers, index, regional
from hashing.matching.vote import Words
from tests.hashing.samples import LISTED, kept, matcher, sample


def entries(count: int, seed: int, regions: int = MOST_REGIONS) -> list[Enrolled]:
    rng = np.random.default_rng(seed)
    return [
        Enrolled(
            1,
            512,
            512,
            rng.integers(0, 256, (regions, 32), dtype=np.uint8),
            rng.integers(0, 2**29, regions, dtype=np.uint32),
        )
        for _ in range(count)
    ]


def flipped(
    codes: Words, bits: int, seed: int
) -> tuple[Words, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """The codes with some bits turned over, and distances from thresholds that make those bits doubtful."""
    rng = np.random.default_rng(seed)
    as_bits = np.unpackbits(codes.view(np.uint8).reshape(len(codes), 32), axis=1, bitorder="little")
    doubt = rng.uniform(0.5, 3, as_bits.shape).astype(np.float32)
    for row in range(len(as_bits)):
        turned = rng.permutation(256)[:bits]
        as_bits[row, turned] ^= 1
        doubt[row, turned] = rng.uniform(0, 0.7, bits)
    packed = np.packbits(as_bits, axis=1, bitorder="little")
    return index.words(packed), doubt


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 40), st.integers(0, MOST_REGIONS), st.integers(0, 2**31))
def test_every_drawer_holds_exactly_its_codes(pictures: int, regions: int, seed: int) -> None:
    segment = index.build(entries(pictures, seed, regions))
    for table in range(index.TABLES):
        assert sorted(segment.slots[table]) == [
            picture * MOST_REGIONS + k for picture in range(pictures) for k in range(regions)
        ]
        for drawer in range(min(50, len(segment.offsets[table]) - 1)):
            for slot in segment.slots[
                table, segment.offsets[table, drawer] : segment.offsets[table, drawer + 1]
            ]:
                assert drawers.key_of(segment.codes, int(slot), table, segment.key_bits) == drawer


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**31), st.integers(10, 30))
def test_what_it_finds_is_what_comparing_all_finds(seed: int, bits: int) -> None:
    """Nothing that is not near, nothing twice, distances exact, and most of the true ones."""
    segment = index.build(entries(60, seed))
    asked, doubt = flipped(segment.codes[:600], bits, seed + 1)
    slot, row, far = index.near(segment, asked, doubt, np.ones(256, np.float32), radius=60, probes=16)
    every = np.bitwise_count(segment.codes[None] ^ asked[:, None]).sum(axis=2)
    assert (every[row, slot] == far).all()
    assert (far <= 60).all()
    assert len(set(zip(slot.tolist(), row.tolist(), strict=True))) == len(slot)
    true = {(at, at) for at in range(600)}
    assert len(true & set(zip(slot.tolist(), row.tolist(), strict=True))) > 0.85 * 600


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31), st.integers(6, 30), st.integers(1, 64))
def test_the_likeliest_drawers_are_tried_likeliest_first(seed: int, bits: int, probes: int) -> None:
    doubt = np.random.default_rng(seed).uniform(0, 3, 256).astype(np.float32)
    masks = np.empty(probes, dtype=np.int64)
    drawers.probe_masks(doubt, 48, bits, masks)
    own = doubt[48 : 48 + bits].astype(float) ** 2
    cost = [sum(own[bit] for bit in range(bits) if int(mask) >> bit & 1) for mask in masks]
    least = np.sort(own)[: drawers.DOUBTED]
    every = sorted(
        sum(least[i] for i in range(drawers.DOUBTED) if subset >> i & 1)
        for subset in range(drawers.MOST_PROBES)
    )
    assert np.allclose(cost, every[:probes], rtol=1e-4)
    assert (masks[0], len(set(masks.tolist()))) == (0, probes)


def test_keys_lengthen_with_the_list() -> None:
    assert [index.key_bits(codes) for codes in (1, 1280, 1_280_000, 64_000_000)] == [6, 10, 20, 26]


@pytest.mark.parametrize("name", LISTED[:3])
def test_the_index_gives_the_same_answer_as_a_vote_on_every_picture(name: str) -> None:
    picture = sample(name)
    part = picture.crop((picture.width // 4, picture.height // 4, picture.width, picture.height))
    asked = prepare(part.rotate(7))
    quick = regional.search(matcher().regional, asked, current())
    slow = regional.exhaustive(matcher().regional, asked)
    assert quick[0].picture == slow[0].picture == LISTED.index(name)
    assert (quick[0].fields == slow[0].fields).all()


def test_a_withdrawn_picture_is_not_found() -> None:
    segment = index.build([kept(name).regional for name in LISTED])
    asked = prepare(sample("coffee"))
    assert regional.search(segment, asked, current())[0].picture == LISTED.index("coffee")
    segment.gone[LISTED.index("coffee")] = True
    assert LISTED.index("coffee") not in [e.picture for e in regional.search(segment, asked, current())]
    assert LISTED.index("coffee") not in [e.picture for e in regional.exhaustive(segment, asked)]
