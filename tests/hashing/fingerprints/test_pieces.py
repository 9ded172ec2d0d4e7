"""Long pages are looked up in pieces too: a bounded number, with nothing left out and every cut covered."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PIL import Image

from hashing.fingerprints import pieces
from tests.hashing.samples import sample


@pytest.mark.parametrize("size", [(1, 1), (600, 400), (1080, 2400), (2400, 1080), (60, 9000), (1, 10_000)])
def test_an_ordinary_picture_has_none(size: tuple[int, int]) -> None:
    assert pieces.tiles(*size) == []


def test_pieces_are_as_long_as_twice_the_width_and_overlap_by_a_quarter() -> None:
    assert pieces.tiles(400, 1400) == [(0, 0, 400, 800), (0, 600, 400, 1400)]
    assert pieces.tiles(1400, 400) == [(0, 0, 800, 400), (600, 0, 1400, 400)]


@pytest.mark.parametrize(("width", "height"), [(1080, 2700), (1080, 12_345), (9999, 700), (300, 65_000)])
def test_they_are_few_and_leave_nothing_out(width: int, height: int) -> None:
    found = pieces.tiles(width, height)
    assert 2 <= len(found) <= pieces.MOST
    assert (found[0][:2], found[-1][2:]) == ((0, 0), (width, height))
    long = 1 if height > width else 0
    for before, after in pairwise(found):
        overlap = before[long + 2] - after[long]
        assert overlap == pytest.approx((before[long + 2] - before[long]) / 4, abs=2)


def test_frames_come_first_and_take_their_share_of_the_work() -> None:
    page = Image.new("RGB", (100, 5000), "white")
    views = [sample("coffee"), sample("chelsea")]
    found = list(pieces.further(page, views))
    assert len(found) == pieces.MOST
    assert [box for box, _shown, _hashes in found[:2]] == [(0, 0, 100, 5000)] * 2
    assert [len(hashes) for _box, _shown, hashes in found] == [1, 1, *[0] * 10]
    assert found[-1][0].bottom == 5000


def test_of_a_piece_the_picture_in_it_is_hashed() -> None:
    page = Image.new("RGB", (600, 3000), "white")
    page.paste(sample("coffee"), (0, 200))
    first, *others = (hashes for _box, _shown, hashes in pieces.further(page))
    assert len(first) == 1
    own = pieces.hashes(sample("coffee"))[0]
    assert (int(first[0].value, 16) ^ int(own.value, 16)).bit_count() <= 31
    assert not any(others)
