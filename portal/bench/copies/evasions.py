"""What people do to get past a filter: warps, negatives, covers, frames within frames."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from portal.bench.copies.alteration import Subject, image, pixels, scaled
from portal.bench.copies.overlays import sticker


def thumbnail64(subject: Subject) -> Image.Image:
    factor = 64 / max(subject.picture.size)
    return scaled(subject.picture, subject.picture.width * factor, subject.picture.height * factor)


def invert(subject: Subject) -> Image.Image:
    return ImageOps.invert(subject.picture)


def elastic(subject: Subject) -> Image.Image:
    """Every place moved a little, smoothly: up to 3 % of the width."""
    width, height = subject.picture.size
    coarse = subject.rng.uniform(-1, 1, (2, 5, 5)).astype(np.float32)
    grid = [cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC) for part in coarse]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return _remapped(subject.picture, x + grid[0] * 0.03 * width, y + grid[1] * 0.03 * width)


def swirl(subject: Subject) -> Image.Image:
    """Turned about the middle, most at the centre (up to 40 degrees)."""
    width, height = subject.picture.size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x - width / 2, y - height / 2
    angle = np.radians(subject.between(20, 40)) * np.exp(-np.hypot(x, y) / (0.35 * max(width, height)))
    sine, cosine = np.sin(angle), np.cos(angle)
    return _remapped(subject.picture, x * cosine - y * sine + width / 2, x * sine + y * cosine + height / 2)


def stretch2(subject: Subject) -> Image.Image:
    width, height = subject.picture.size
    return (
        scaled(subject.picture, width, height / 2)
        if subject.chance(0.5)
        else scaled(subject.picture, width / 2, height)
    )


def meme(subject: Subject) -> Image.Image:
    """White bands above and below with large black words, and words on the picture."""
    picture = subject.picture
    band = round(picture.height * subject.between(0.15, 0.3))
    page = Image.new("RGB", (picture.width, picture.height + 2 * band), (255, 255, 255))
    page.paste(picture, (0, band))
    draw = ImageDraw.Draw(page)
    font = subject.font(band * 0.4)
    for y in (band * 0.3, picture.height + band * 1.3):
        draw.text((page.width / 2, y), subject.words(), (0, 0, 0), font, anchor="ma")
    place = (page.width / 2, picture.height + band * 0.8)
    draw.text(
        place,
        subject.words().upper(),
        (255, 255, 255),
        font,
        anchor="ms",
        stroke_width=4,
        stroke_fill=(0, 0, 0),
    )
    return page


def half_covered(subject: Subject) -> Image.Image:
    """One half under a plain colour."""
    picture = subject.picture.copy()
    width, height = picture.size
    halves = (
        (0, 0, width // 2, height),
        (width // 2, 0, width, height),
        (0, 0, width, height // 2),
        (0, height // 2, width, height),
    )
    ImageDraw.Draw(picture).rectangle(halves[subject.whole(0, 3)], fill=subject.colour())
    return picture


def emoji_rain(subject: Subject) -> Image.Image:
    picture = subject.picture
    for _ in range(14):
        picture = sticker(share=0.02)(subject.with_picture(picture))
    return picture


def picture_in_picture(subject: Subject) -> Image.Image:
    """A third of the width of another picture."""
    page = subject.other()
    factor = min(page.width / subject.picture.width, page.height / subject.picture.height) / 3
    small = scaled(subject.picture, subject.picture.width * factor, subject.picture.height * factor)
    place = (subject.whole(0, page.width - small.width), subject.whole(0, page.height - small.height))
    page.paste(small, place)
    return page


def posterise(subject: Subject) -> Image.Image:
    return ImageOps.posterize(subject.picture, 2)


def black_and_white(subject: Subject) -> Image.Image:
    """Two levels only, cut at the middle brightness."""
    light = ImageOps.grayscale(subject.picture)
    middle = float(np.median(np.asarray(light)))
    return light.point([255 if level > middle else 0 for level in range(256)]).convert("RGB")


def pixelate(subject: Subject) -> Image.Image:
    """Squares of 1/80 of the longer side."""
    picture = subject.picture
    factor = 80 / max(picture.size)
    small = picture.resize(
        (round(picture.width * factor), round(picture.height * factor)), Image.Resampling.BOX
    )
    return small.resize(picture.size, Image.Resampling.NEAREST)


def strips(subject: Subject) -> Image.Image:
    """Cut into 8 strips, each shifted sideways by up to 8 %."""
    values = np.asarray(subject.picture)
    parts = np.array_split(values, 8)
    reach = round(subject.picture.width * 0.08)
    return Image.fromarray(
        np.concatenate([np.roll(part, subject.whole(-reach, reach), axis=1) for part in parts])
    )


def outline(subject: Subject) -> Image.Image:
    """A drawing of the edges."""
    return ImageOps.invert(ImageOps.grayscale(subject.picture).filter(ImageFilter.FIND_EDGES)).convert("RGB")


def dark(subject: Subject) -> Image.Image:
    return image(pixels(subject.picture) * subject.between(0.08, 0.2))


def _remapped(
    picture: Image.Image,
    x: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    y: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
) -> Image.Image:
    source = np.asarray(picture, dtype=np.uint8)
    moved = cv2.remap(
        source, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )
    return Image.fromarray(np.asarray(moved, dtype=np.uint8))
