"""Things put on top of the picture."""

from __future__ import annotations

import math
from functools import partial

from PIL import Image, ImageDraw

from portal.bench.copies.alteration import Alter, Subject


def caption(subject: Subject) -> Image.Image:
    """Two or three lines of large text; half of them on a solid bar."""
    picture = subject.picture.copy()
    draw = ImageDraw.Draw(picture)
    lines = [subject.words() for _ in range(subject.whole(2, 3))]
    size = picture.width * subject.between(0.07, 0.11)
    step = size * 1.2
    top = subject.between(0.03, 0.95) * max(1.0, picture.height - step * len(lines))
    if subject.chance(0.5):
        bar = (0, 0, 0) if subject.chance(0.5) else (255, 255, 255)
        draw.rectangle((0, top, picture.width, top + step * len(lines) + size * 0.2), fill=bar)
        ink = (255, 255, 255) if bar == (0, 0, 0) else (0, 0, 0)
    else:
        ink = (255, 255, 255) if subject.chance(0.5) else (255, 230, 0)
    font = subject.font(size)
    for line, text in enumerate(lines):
        place = (picture.width / 2, top + line * step)
        draw.text(
            place, text, ink, font, anchor="ma", stroke_width=max(1, round(size / 16)), stroke_fill=(0, 0, 0)
        )
    return picture


def sticker(*, share: float) -> Alter:
    return partial(_sticker, share=share)


def _sticker(subject: Subject, *, share: float) -> Image.Image:
    """A round yellow face over this share of the picture."""
    picture = subject.picture.copy()
    radius = math.sqrt(share * picture.width * picture.height / math.pi)
    radius = min(radius, picture.width / 2, picture.height / 2)
    x = subject.between(radius, picture.width - radius)
    y = subject.between(radius, picture.height - radius)
    draw = ImageDraw.Draw(picture)
    draw.ellipse(
        (x - radius, y - radius, x + radius, y + radius), fill=(255, 204, 50), outline=(230, 160, 30)
    )
    for side in (-1, 1):
        eye = x + side * radius * 0.35
        draw.ellipse((eye - radius / 8, y - radius / 2, eye + radius / 8, y - radius / 6), fill=(90, 60, 20))
    box = (x - radius * 0.55, y - radius * 0.4, x + radius * 0.55, y + radius * 0.6)
    draw.arc(box, 20, 160, fill=(90, 60, 20), width=max(2, round(radius / 10)))
    return picture


def watermark(subject: Subject) -> Image.Image:
    """The same faint words all over, aslant."""
    width, height = subject.picture.size
    side = round(math.hypot(width, height))
    layer = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    font = subject.font(width * subject.between(0.05, 0.08))
    ink = (255, 255, 255, subject.whole(70, 130))
    words, step = subject.words(), side / subject.between(5, 8)
    for row in range(int(side / step) + 1):
        for column in range(4):
            draw.text((column * side / 3 - (row % 2) * side / 6, row * step), words, ink, font)
    layer = layer.rotate(subject.between(20, 40), Image.Resampling.BICUBIC)
    left, top = (side - width) // 2, (side - height) // 2
    cut = layer.crop((left, top, left + width, top + height))
    return Image.alpha_composite(subject.picture.convert("RGBA"), cut).convert("RGB")
