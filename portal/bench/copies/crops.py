"""Parts of the picture, and the picture turned."""

from __future__ import annotations

import math
from functools import partial

from PIL import Image, ImageOps

from portal.bench.copies.alteration import Alter, Subject


def crop(subject: Subject, *, area: float) -> Image.Image:
    """A random window with this share of the area and a shape up to 1.4 times flatter or taller."""
    width, height = subject.picture.size
    stretch = math.exp(subject.between(-0.35, 0.35) / 2)
    across = min(1.0, math.sqrt(area) * stretch)
    down = min(1.0, area / across)
    across = area / down
    return window(subject, across * width, down * height)


def window(subject: Subject, width: float, height: float) -> Image.Image:
    picture = subject.picture
    wide, high = min(picture.width, max(1, round(width))), min(picture.height, max(1, round(height)))
    left, top = subject.whole(0, picture.width - wide), subject.whole(0, picture.height - high)
    return picture.crop((left, top, left + wide, top + high))


def of_area(area: float) -> Alter:
    return partial(crop, area=area)


def of_shape(ratio: float) -> Alter:
    """The largest middle part with this ratio of width to height."""
    return partial(_shaped, ratio=ratio)


def turned(degrees: int) -> Alter:
    return partial(_turned, degrees=degrees)


def tilted(degrees: float) -> Alter:
    return partial(_tilted, degrees=degrees)


def mirror(subject: Subject) -> Image.Image:
    return ImageOps.mirror(subject.picture)


def _shaped(subject: Subject, *, ratio: float) -> Image.Image:
    width, height = subject.picture.size
    wide, high = min(width, height * ratio), min(height, width / ratio)
    left, top = (width - wide) / 2, (height - high) / 2
    return subject.picture.crop((round(left), round(top), round(left + wide), round(top + high)))


def _turned(subject: Subject, *, degrees: int) -> Image.Image:
    return subject.picture.rotate(degrees, expand=True)


def _tilted(subject: Subject, *, degrees: float) -> Image.Image:
    """Half of them cut to the inside, half with white or black corners."""
    angle = degrees if subject.chance(0.5) else -degrees
    if subject.chance(0.5):
        fill = (255, 255, 255) if subject.chance(0.5) else (0, 0, 0)
        return subject.picture.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=fill)
    picture = subject.picture.rotate(angle, Image.Resampling.BICUBIC)
    wide, high = inside(*picture.size, math.radians(degrees))
    left, top = (picture.width - wide) / 2, (picture.height - high) / 2
    return picture.crop((round(left), round(top), round(left + wide), round(top + high)))


def inside(width: float, height: float, angle: float) -> tuple[float, float]:
    """The largest upright rectangle of the same shape within the turned picture."""
    sine, cosine = abs(math.sin(angle)), abs(math.cos(angle))
    factor = min(width / (width * cosine + height * sine), height / (width * sine + height * cosine))
    return width * factor, height * factor
