"""Saved again, resized, and changed in tone: the picture's frame stays."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from portal.bench.copies.alteration import Subject, image, jpeg, pixels, scaled


def original(subject: Subject) -> Image.Image:
    return subject.picture


def jpeg30(subject: Subject) -> Image.Image:
    return jpeg(subject.picture, 30)


def jpeg10(subject: Subject) -> Image.Image:
    return jpeg(subject.picture, 10)


def quarter_size(subject: Subject) -> Image.Image:
    return scaled(subject.picture, subject.picture.width / 4, subject.picture.height / 4)


def width200(subject: Subject) -> Image.Image:
    picture = subject.picture
    return scaled(picture, 200, 200 * picture.height / picture.width)


def blur(subject: Subject) -> Image.Image:
    sigma = subject.between(1.5, 3) * max(subject.picture.size) / 500
    return subject.picture.filter(ImageFilter.GaussianBlur(sigma))


def bright_gamma(subject: Subject) -> Image.Image:
    bent = 255 * (pixels(subject.picture) / 255) ** np.exp(subject.between(-0.7, 0.7))
    return image(bent * subject.between(0.75, 1.3))


def gray(subject: Subject) -> Image.Image:
    return ImageOps.grayscale(subject.picture).convert("RGB")


def colour_filter(subject: Subject) -> Image.Image:
    """What photo apps call a filter: contrast, saturation, a colour wash and darker corners."""
    picture = ImageEnhance.Contrast(subject.picture).enhance(subject.between(0.75, 1.5))
    picture = ImageEnhance.Color(picture).enhance(subject.between(0.2, 1.8))
    wash = Image.new("RGB", picture.size, subject.colour())
    washed = pixels(Image.blend(picture, wash, subject.between(0.05, 0.22)))
    return image(washed * _vignette(picture.size, subject.between(0.1, 0.5)))


def noise(subject: Subject) -> Image.Image:
    grain = subject.rng.normal(0, subject.between(15, 28), (*subject.picture.size[::-1], 3))
    return image(pixels(subject.picture) + grain.astype(np.float32))


def colourshift(subject: Subject) -> Image.Image:
    hue, saturation, value = subject.picture.convert("HSV").split()
    shift = subject.whole(20, 235)
    turned = hue.point([(level + shift) % 256 for level in range(256)])
    return Image.merge("HSV", (turned, saturation, value)).convert("RGB")


def squeeze08(subject: Subject) -> Image.Image:
    width, height = subject.picture.size
    return (
        scaled(subject.picture, width * 0.8, height)
        if subject.chance(0.5)
        else scaled(subject.picture, width, height * 0.8)
    )


def _vignette(size: tuple[int, int], strength: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    width, height = size
    x = np.linspace(-1, 1, width, dtype=np.float32)
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    return np.asarray(1 - strength * (x**2 + y**2) / 2, dtype=np.float32)[:, :, None]
