"""Which picture stands for a file that shows several, and what else it shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from hashing.fingerprints import pdq
from portal.vault import decode, frames
from tests.photos import encoded, photo

BLACK = Image.new("RGB", (600, 400))
CAT, ASTRONAUT = (photo(name).resize((600, 400)) for name in ("cat", "astronaut"))
SHORT = (150, 100)


def animation(kind: str, shown: Sequence[Image.Image], **options: object) -> bytes:
    lossless = {"lossless": True} if kind == "WEBP" else {}
    return encoded(
        shown[0], kind, save_all=True, append_images=shown[1:], duration=100, **lossless, **options
    )


def same(found: Image.Image, wanted: Image.Image) -> bool:
    """The same picture, but for what a palette or a codec loses."""
    return pdq.distance(pdq.pdq(found).value, pdq.pdq(wanted).value) <= 10


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_a_black_beginning_is_passed_over(kind: str) -> None:
    found = decode.decode(animation(kind, [BLACK, BLACK.point(lambda _: 3), photo(), CAT]))
    assert found.image.size == (600, 400)
    assert same(found.image, photo())


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_first_frame_with_detail_stands_for_the_file(kind: str) -> None:
    found = decode.decode(animation(kind, [photo(), CAT]))
    assert same(found.image, photo())
    assert found.further == ()


def test_where_all_is_plain_the_frame_with_most_detail_is_taken() -> None:
    line = BLACK.copy()
    line.paste((90, 90, 90), (0, 100, 600, 200))
    found = decode.decode(animation("PNG", [BLACK, line, BLACK]))
    assert np.asarray(found.image)[150, 300].tolist() == [90, 90, 90]


def test_orientation_goes_for_every_frame() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = decode.decode(animation("WEBP", [BLACK, photo()], exif=exif.tobytes()))
    assert same(found.image, photo().transpose(Image.Transpose.ROTATE_270))


def test_a_cut_off_animation_is_what_can_be_opened() -> None:
    whole = animation("GIF", [BLACK, photo(), CAT])
    assert same(decode.decode(whole[: len(whole) - 2000], every=True).image, photo())
    with pytest.raises(decode.Refused):
        decode.decode(whole[:200])


def test_what_is_drawn_in_transparency_alone_is_seen_on_black() -> None:
    white = Image.new("RGB", (600, 400), "white")
    white.putalpha(photo().convert("L"))
    found = decode.decode(encoded(white, "PNG"))
    assert same(found.image, photo())
    dark = Image.new("RGB", (600, 400))
    dark.putalpha(photo().convert("L"))
    negative = Image.eval(photo().convert("L"), lambda level: 255 - level).convert("RGB")
    assert same(decode.decode(encoded(dark, "PNG")).image, negative)


def test_a_look_up_gets_the_middle_and_the_end_too() -> None:
    found = decode.decode(animation("PNG", [BLACK, photo(), CAT, BLACK, ASTRONAUT]), every=True)
    assert same(found.image, photo())
    assert len(found.further) == 2
    assert same(found.further[0], CAT)
    assert same(found.further[1], ASTRONAUT)
    # Neither what is plain nor what was seen before.
    found = decode.decode(animation("PNG", [photo(), BLACK, photo()]), every=True)
    assert same(found.image, photo())
    assert found.further == ()


def test_a_look_up_gets_the_other_paper_where_that_shows_another_picture() -> None:
    hidden = Image.merge("RGBA", [*photo().split(), CAT.convert("L")])
    found = decode.decode(encoded(hidden, "PNG"), every=True)
    assert len(found.further) == 1
    opaque = decode.decode(encoded(photo().convert("RGBA"), "PNG"), every=True)
    assert opaque.further == ()
    assert same(opaque.image, photo())


def test_the_work_on_an_endless_animation_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    long = animation(
        "PNG", [Image.new("RGB", SHORT, (0, 0, step)) for step in range(6)] + [photo().resize(SHORT)]
    )
    monkeypatch.setattr(frames, "MOST_FRAMES", 5)
    assert decode.decode(long).image.size == SHORT
    assert pdq.pdq(decode.decode(long).image).quality < frames.ENOUGH
    monkeypatch.setattr(frames, "MOST_FRAMES", 600)
    monkeypatch.setattr(frames, "MOST_PIXELS", SHORT[0] * SHORT[1] * 3)
    assert pdq.pdq(decode.decode(long).image).quality < frames.ENOUGH


def test_detail_is_what_pdq_calls_quality() -> None:
    for name, shade in (("coffee", 255), ("cat", 40), ("astronaut", 12)):
        image = photo(name).point(lambda level, most=shade: level * most // 255)
        small = np.asarray(image.resize((64, 64), Image.Resampling.BOX).convert("L"), np.int16)
        detail = frames.View(0, frames.WHITE, small).detail
        assert min(100, detail) == pytest.approx(pdq.pdq(image).quality, abs=12)
