"""The product's matcher finds altered copies and leaves other pictures alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from hashing.fingerprints.regional.serial import Enrolled
from hashing.matching.answers import Decision, How
from hashing.matching.matcher import Match, Matcher, prepare
from portal.vault import decode
from tests.hashing.samples import LISTED, UNLISTED, kept, matcher, sample
from tests.photos import encoded, unusual

Alter = Callable[[Image.Image], Image.Image]


def ask(picture: Image.Image, quality: int = 80) -> Match:
    data = encoded(picture.convert("RGB"), "JPEG", quality=quality)
    return matcher().match(prepare(data, Image.open(io.BytesIO(data)).convert("RGB")))


def screenshot(picture: Image.Image) -> Image.Image:
    page = Image.new("RGB", (640, 1280), (250, 250, 250))
    page.paste(picture.resize((600, round(600 * picture.height / picture.width))), (20, 300))
    draw = ImageDraw.Draw(page)
    for line in range(12):
        draw.rectangle((30, 30 + 20 * line, 300 + 15 * line, 42 + 20 * line), fill=(30, 30, 30))
    return page


def caption(picture: Image.Image) -> Image.Image:
    page = picture.copy()
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, page.height * 0.75, page.width, page.height * 0.95), fill=(0, 0, 0))
    draw.text((20, page.height * 0.78), "when you see it", (255, 255, 255), font_size=page.height // 9)
    return page


def collage(picture: Image.Image) -> Image.Image:
    page = Image.new("RGB", (820, 820), (90, 20, 120))
    cells = [sample("camera"), picture, sample("brick"), sample("immunohistochemistry")]
    for at, cell in enumerate(cells):
        page.paste(ImageOps.fit(cell, (400, 400)), (5 + 410 * (at % 2), 5 + 410 * (at // 2)))
    return page


def part(share: float) -> Alter:
    return lambda picture: picture.crop(
        (
            round(picture.width * 0.2),
            round(picture.height * 0.15),
            round(picture.width * (0.2 + share)),
            round(picture.height * (0.15 + share)),
        )
    )


ALTERATIONS: dict[str, Alter] = {
    "saved again": lambda picture: picture,
    "mirror": ImageOps.mirror,
    "turned": lambda picture: picture.rotate(90, expand=True),
    "tilted": lambda picture: picture.rotate(12, Image.Resampling.BICUBIC, expand=True, fillcolor="white"),
    "part": part(0.6),
    "screenshot": screenshot,
    "caption": caption,
    "collage": collage,
    "negative": ImageOps.invert,
    "grey and blurred": lambda picture: ImageOps.grayscale(picture).filter(ImageFilter.GaussianBlur(1.5)),
    "small": lambda picture: picture.resize((picture.width // 4, picture.height // 4)),
    "squeezed": lambda picture: picture.resize((picture.width, round(picture.height * 0.8))),
}


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea"])
@pytest.mark.parametrize("alteration", list(ALTERATIONS))
def test_an_altered_copy_is_found(alteration: str, name: str) -> None:
    found = ask(ALTERATIONS[alteration](sample(name)))
    assert found.decision is not Decision.NONE
    assert found.picture == LISTED.index(name)


@pytest.mark.parametrize("name", UNLISTED)
def test_another_picture_is_not(name: str) -> None:
    assert ask(sample(name)) == Match(Decision.NONE)


def test_the_very_file_is_an_exact_match() -> None:
    data = encoded(sample("rocket"), "PNG")
    found = matcher().match(prepare(data, sample("rocket")))
    assert (found.decision, found.picture, found.how) == (Decision.COPY, LISTED.index("rocket"), How.EXACT)
    assert found.region == (0, 0, *sample("rocket").size)


def test_the_region_is_where_the_picture_lies_in_the_screenshot() -> None:
    found = ask(screenshot(sample("coffee")))
    assert found.how is How.REGIONAL
    assert found.decision is Decision.COPY
    assert found.region == pytest.approx((20, 300, 620, 700), abs=12)


def test_the_region_of_a_mirrored_part_is_the_right_side() -> None:
    page = Image.new("RGB", (900, 500), (240, 240, 240))
    page.paste(ImageOps.mirror(sample("coffee").resize((450, 300))), (430, 100))
    assert ask(page).region == pytest.approx((430, 100, 880, 400), abs=12)


def test_a_plain_picture_is_matched_by_pdq_or_not_at_all_but_never_by_regions() -> None:
    plain = Image.new("RGB", (300, 300), (10, 200, 30))
    own = Matcher([kept("coffee"), replace(kept("rocket"), regional=kept_plain())])
    found = own.match(prepare(b"x", plain))
    assert found == Match(Decision.NONE)
    turned = sample("rocket").rotate(20)
    assert own.match(prepare(b"y", turned)).how is not How.REGIONAL


def kept_plain() -> Enrolled:
    own = kept("rocket").regional
    return replace(own, codes=own.codes[:12], places=own.places[:12])


def test_an_empty_list_finds_nothing() -> None:
    assert Matcher([]).match(prepare(b"z", sample("coffee"))) == Match(Decision.NONE)


@pytest.mark.parametrize("name", unusual(sample("coffee")))
def test_every_mode_animation_and_orientation_is_a_copy(name: str) -> None:
    """An animation is its first frame with detail; a file that says how it lies is looked up upright."""
    data = unusual(sample("coffee"))[name]
    image = decode.decode(data).image
    found = matcher().match(prepare(data, image))
    assert (found.decision, found.picture) == (Decision.COPY, LISTED.index("coffee"))
    assert found.region == pytest.approx((0, 0, *image.size), abs=8)


def test_a_picture_in_a_very_long_page_is_found_by_a_piece_of_it() -> None:
    page = Image.new("RGB", (720, 9000), "white")
    draw = ImageDraw.Draw(page)
    for line in range(180):
        draw.text(
            (20, 50 * line), f"and the {line}th of many words that somebody wrote", (20, 20, 20), font_size=26
        )
    page.paste(sample("coffee").resize((620, 413)), (50, 6400))
    upload = prepare(b"", page)
    assert matcher().match(replace(upload, pdq=(), more=())).decision is Decision.NONE
    found = matcher().match(replace(upload, pdq=()))
    assert (found.decision, found.picture, found.how) == (Decision.COPY, LISTED.index("coffee"), How.REGIONAL)
    assert found.region == pytest.approx((50, 6400, 670, 6813), abs=12)
    assert len(upload.more) == 8


@pytest.mark.parametrize("place", [1, 2])
def test_an_animation_is_found_by_its_middle_or_last_frame(place: int) -> None:
    shown = [sample("camera").resize((600, 400)) for _ in range(3)]
    shown[place] = sample("coffee")
    data = encoded(shown[0], "WEBP", save_all=True, append_images=shown[1:], quality=80)
    opened = decode.decode(data, every=True)
    upload = prepare(data, opened.image, further=opened.further)
    assert matcher().match(replace(upload, pdq=upload.pdq[:1], more=())).decision is Decision.NONE
    found = matcher().match(replace(upload, pdq=upload.pdq[:1]))
    assert (found.decision, found.picture, found.how) == (Decision.COPY, LISTED.index("coffee"), How.REGIONAL)
    assert found.region == pytest.approx((0, 0, 600, 400), abs=8)


def test_pictures_of_any_shape_are_answered() -> None:
    noise = np.random.default_rng(4).integers(0, 255, (2, 900, 3), dtype=np.uint8)
    for picture in (Image.new("RGB", (1, 1)), Image.fromarray(noise), Image.new("L", (9, 4000), 3)):
        assert ask(picture).decision is Decision.NONE
