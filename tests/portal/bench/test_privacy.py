"""The attacks that `bench privacy` measures really attack."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import ImageFilter

from hashing.fingerprints.regional import geometry
from hashing.fingerprints.regional.arrays import Bytes, Floats
from hashing.fingerprints.regional.masks import Mask
from portal.bench.privacy import patches, redrawing, unmasking
from tests.hashing.samples import sample

MASK = Mask.of(bytes(range(32)))


def some(count: int) -> Bytes:
    return np.random.default_rng(3).integers(0, 256, (count, 32), dtype=np.uint8)


def test_enough_pairs_give_the_whole_mask_away() -> None:
    plain = some(40)
    source, turned = unmasking.attack(plain, MASK.outgoing(plain))
    assert source.tolist() == MASK.order.tolist()
    assert turned.tolist() == MASK.flips.tolist()
    unknown = some(200)[100:]
    bits = np.unpackbits(unknown, axis=1, bitorder="little")
    broken = np.packbits(bits[:, source] ^ turned, axis=1, bitorder="little")
    assert (broken == MASK.outgoing(unknown)).all()


@pytest.mark.parametrize(
    ("pairs", "least", "most"), [(1, 0.0, 0.0), (6, 0.0, 0.1), (14, 0.8, 1.0), (40, 1.0, 1.0)]
)
def test_a_few_pairs_give_part_of_it(pairs: int, least: float, most: float) -> None:
    assert least <= unmasking.share_known(some(300), MASK, pairs, seed=1) <= most


def places(*rows: tuple[float, float, float, float]) -> geometry.Places:
    """x, y, size, direction."""
    x, y, size, angle = np.array(rows, dtype=np.float32).T
    return geometry.Places(x, y, np.log(size), angle, np.zeros(len(rows), dtype=np.float32))


@pytest.mark.parametrize("angle", [0.0, 0.7, 3.0])
def test_a_patch_that_is_cut_out_and_laid_back_is_where_it_was(angle: float) -> None:
    pixels = redrawing.grey(sample("astronaut").filter(ImageFilter.GaussianBlur(4)))
    place = places((230, 120, 10, angle))
    drawn = patches.lay(patches.cut(pixels, place), place, (512, 512))
    part = np.s_[95:145, 205:255]
    assert np.corrcoef(drawn[part].ravel(), pixels[part].ravel())[0, 1] > 0.9
    assert not drawn[300:, 300:].any()


def test_a_flat_patch_is_no_detail() -> None:
    flat: Bytes = np.full((512, 512), 77, dtype=np.uint8)
    assert np.abs(patches.cut(flat, places((200, 200, 30, 0)))).max() < 0.01


def test_what_the_measures_say() -> None:
    pixels = redrawing.grey(sample("chelsea"))
    own: Floats = pixels.astype(np.float32)
    assert redrawing.correlation(own, pixels) == pytest.approx(1)
    assert redrawing.correlation(-own, pixels, detail=True) == pytest.approx(-1)
    assert redrawing.similarity(own * 0.3 + 9, pixels) > 0.99
    noise = np.random.default_rng(1).normal(size=own.shape).astype(np.float32)
    assert redrawing.similarity(noise, pixels) < 0.1
    assert abs(redrawing.correlation(noise, pixels)) < 0.05
    assert (redrawing.shown(own).min(), redrawing.shown(own).max()) == (0, 255)
