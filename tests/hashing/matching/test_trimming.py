"""Trimming finds the picture within a page, and leaves a picture without a frame alone."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from hashing.fingerprints.trimming import Rectangle, picture_within
from tests.hashing.samples import sample


def on_page(colour: tuple[int, int, int], size: tuple[int, int], place: tuple[int, int]) -> Image.Image:
    page = Image.new("RGB", size, colour)
    page.paste(sample("coffee"), place)
    return page


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (18, 18, 18), (90, 160, 40)])
def test_a_border_is_trimmed(colour: tuple[int, int, int]) -> None:
    found = picture_within(on_page(colour, (800, 700), (100, 150)))
    assert found is not None
    assert (found.left, found.top, found.right, found.bottom) == pytest.approx((100, 150, 700, 550), abs=6)


def test_a_screenshot_is_trimmed_to_its_picture() -> None:
    page = on_page((255, 255, 255), (640, 1300), (20, 400))
    draw = ImageDraw.Draw(page)
    for line in range(8):
        draw.text((30, 60 + 30 * line), "someone you know shared this", (0, 0, 0), font_size=22)
        draw.text((30, 850 + 40 * line), "and some more words below", (60, 60, 60), font_size=22)
    found = picture_within(page)
    assert found is not None
    assert (found.left, found.top, found.right, found.bottom) == pytest.approx((20, 400, 620, 800), abs=8)


@pytest.mark.parametrize("name", ["coffee", "chelsea", "brick"])
def test_a_photograph_without_a_frame_stays_whole(name: str) -> None:
    assert picture_within(sample(name)) is None


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (300, 300)])
def test_nothing_is_found_in_one_colour(size: tuple[int, int]) -> None:
    assert picture_within(Image.new("RGB", size, (7, 7, 7))) is None


def test_a_rectangle_lies_within_the_picture() -> None:
    page = on_page((0, 0, 0), (1234, 777), (333, 111))
    found = picture_within(page)
    assert isinstance(found, Rectangle)
    assert 0 <= found.left < found.right <= 1234
    assert 0 <= found.top < found.bottom <= 777
