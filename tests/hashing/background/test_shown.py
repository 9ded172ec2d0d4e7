"""A harmless picture as an upload of it would be looked up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageOps

from hashing.fingerprints import pdq
from hashing.fingerprints.background import shown
from hashing.fingerprints.regional import codes, geometry
from tests.hashing.samples import sample


def test_stored_and_read_again_it_is_the_same() -> None:
    own = shown.show(sample("camera"), most=150)
    again = shown.parse(shown.dump(own))
    assert (again.width, again.height, again.mirrored, len(again)) == (512, 512, 150, 300)
    assert again.codes.tobytes() == own.codes.tobytes()
    assert again.places.tolist() == own.places.tolist()
    assert again.pdq.hex() == pdq.pdq(sample("camera")).value


def test_the_second_view_is_the_mirror_image() -> None:
    own = shown.show(sample("camera"), most=400)
    turned = shown.show(ImageOps.mirror(sample("camera")), most=400)
    near = [
        (codes.distances(view, turned.codes[: turned.mirrored]).min(axis=1) <= 30).mean()
        for view in (own.codes[: own.mirrored], own.codes[own.mirrored :])
    ]
    assert near[0] < 0.1
    assert near[1] > 0.6


def test_places_lie_in_the_stored_frame() -> None:
    wide = sample("coffee")
    own = shown.show(wide, most=400)
    places = geometry.unpack(own.places)
    assert (own.width, own.height) == (512, round(512 * wide.height / wide.width))
    assert places.x.max() <= 512
    assert places.y.max() <= own.height


def test_without_the_mirrored_view() -> None:
    own = shown.show(sample("camera"), most=80, mirror=False)
    assert (own.mirrored, len(own)) == (80, 80)


def test_a_plain_picture_has_no_regions_but_a_hash() -> None:
    own = shown.show(Image.new("RGB", (300, 200), (90, 90, 90)))
    assert (len(own), len(own.pdq)) == (0, 32)
    assert shown.parse(shown.dump(own)).codes.shape == (0, 32)


@pytest.mark.parametrize("cut", [1, 20, 39, 40, 75])
def test_bytes_that_are_not_whole_are_refused(cut: int) -> None:
    data = shown.dump(shown.show(sample("camera"), most=2, mirror=False))
    with pytest.raises(ValueError, match="harmless"):
        shown.parse(data[:cut])
    with pytest.raises(ValueError, match="harmless"):
        shown.parse(data + b"x")


def test_more_plain_regions_than_regions_are_refused() -> None:
    own = shown.show(sample("camera"), most=2, mirror=False)
    with pytest.raises(ValueError, match="harmless"):
        shown.parse(shown.dump(replace(own, mirrored=3)))
    assert np.asarray(own.places).dtype == np.uint32
