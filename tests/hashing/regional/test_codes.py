"""Codes, their permutations, their stored form and the frozen table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageOps

from hashing.fingerprints.regional import codes, copies, geometry, regions, serial, table
from tests.hashing.samples import kept, sample


def test_mirroring_the_descriptor_is_mirroring_the_picture() -> None:
    plain = regions.find(regions.grey(sample("astronaut"), 512), smallest=4, most=300)
    flipped = regions.find(regions.grey(ImageOps.mirror(sample("astronaut")), 512), smallest=4, most=300)
    near = np.hypot(plain.x[:, None] - (511 - flipped.x), plain.y[:, None] - flipped.y) < 0.5
    turned = copies.turn(np.pi - plain.angle[:, None] - flipped.angle) < 0.05
    one, other = np.nonzero(near & turned & (abs(np.log(plain.size[:, None] / flipped.size)) < 0.05))
    assert len(one) > 60
    far = np.abs(plain.root[one][:, codes.MIRRORED] - flipped.root[other]).max(axis=1)
    assert np.median(far) < 60  # of 1023


def test_inverting_the_descriptor_is_inverting_the_picture() -> None:
    pixels = regions.grey(sample("astronaut"), 512)
    plain = regions.find(pixels, smallest=4, most=300)
    negative = regions.find(255 - pixels, smallest=4, most=300)
    near = np.hypot(plain.x[:, None] - negative.x, plain.y[:, None] - negative.y) < 0.1
    turned = copies.turn(plain.angle[:, None] + np.pi - negative.angle) < 0.05
    one, other = np.nonzero(near & turned)
    assert len(one) > 60
    far = np.abs(plain.root[one][:, codes.INVERTED] - negative.root[other]).max(axis=1)
    assert np.median(far) < 60


@pytest.mark.parametrize("order", [codes.MIRRORED, codes.INVERTED], ids=["mirror", "negative"])
def test_a_permutation_twice_is_none(order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    assert (order[order] == np.arange(128)).all()


def test_every_sum_is_exact_in_single_precision() -> None:
    """The bound behind 'the same bytes everywhere': sizes of all partial sums stay below 2**24."""
    known = table.current()
    assert (known.projection == np.rint(known.projection)).all()
    longest = np.linalg.norm(known.projection.astype(np.float64), axis=0).max()
    assert longest * regions.ROOT_SCALE * 1.01 + np.abs(known.threshold).max() < 2**24


def test_the_order_of_additions_does_not_matter() -> None:
    root = regions.find(regions.grey(sample("coffee"), 512), smallest=3, most=200).root
    known = table.current()
    order = np.random.default_rng(1).permutation(128)
    shuffled = replace(known, projection=known.projection[order])
    assert (codes.project(root[:, order], shuffled) == codes.project(root, known)).all()
    assert (codes.project(root.astype(np.float64), known) == codes.project(root, known)).all()


@given(st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=64))
def test_places_survive_packing_within_their_steps(packed: list[int]) -> None:
    stored = np.array(packed, dtype=np.uint32) & np.uint32(0x5FFFFFFF)
    stored &= ~np.uint32(0x40000000)
    assert (geometry.pack(geometry.unpack(stored)) == stored).all()


def test_stored_bytes_read_back_as_they_were() -> None:
    found = kept("rocket").regional
    again = serial.parse(serial.dump(found))
    assert (again.codes == found.codes).all()
    assert (again.places == found.places).all()
    assert serial.dump(again) == serial.dump(found)


@pytest.mark.parametrize("cut", [0, 3, 100, 4323])
def test_cut_bytes_are_refused(cut: int) -> None:
    with pytest.raises(ValueError, match="regional fingerprint"):
        serial.parse(serial.dump(kept("rocket").regional)[:cut])


def test_the_table_says_where_it_comes_from_and_is_small(tmp_path: Path) -> None:
    known = table.current()
    assert known.projection.shape == (128, 256)
    assert known.about["photographs"] >= 400
    assert known.about["held_out"]["found_at_1e-05"] > 0.7
    file = table.DATA / "regional-v1.bin"
    assert file.stat().st_size < 2_000_000
    table.save(known, tmp_path / "again.bin")
    assert (tmp_path / "again.bin").read_bytes() == file.read_bytes()


def test_another_kind_of_file_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"not a table at all")
    with pytest.raises(ValueError, match="not a table"):
        table.load(tmp_path / "x.bin")


@given(st.integers(0, 2**32 - 1))
def test_distances_are_hamming_distances(seed: int) -> None:
    rng = np.random.default_rng(seed)
    some, others = (rng.integers(0, 256, (n, 32), dtype=np.uint8) for n in (3, 5))
    slow = np.unpackbits(some[:, None] ^ others[None], axis=2).sum(axis=2)
    assert (codes.distances(some, others) == slow).all()
