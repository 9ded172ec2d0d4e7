"""Several pictures in one, a photograph of a screen, and chains of alterations."""

from __future__ import annotations

from functools import partial

import cv2
import numpy as np
from PIL import Image, ImageFilter, ImageOps

from portal.bench.copies.alteration import Alter, Subject, image, jpeg, pixels

CELL = 480


def collage(*, across: int, down: int) -> Alter:
    return partial(_collage, across=across, down=down)


def _collage(subject: Subject, *, across: int, down: int) -> Image.Image:
    """Unrelated pictures side by side with gaps, the subject in a random cell, each filling its cell."""
    gap = subject.whole(0, 16)
    if across != down and subject.chance(0.5):
        across, down = down, across
    width = across * CELL + (across + 1) * gap
    page = Image.new("RGB", (width, down * CELL + (down + 1) * gap), subject.colour())
    mine = subject.whole(0, across * down - 1)
    for cell in range(across * down):
        shown = subject.picture if cell == mine else subject.other()
        row, column = divmod(cell, across)
        place = (gap + column * (CELL + gap), gap + row * (CELL + gap))
        page.paste(ImageOps.fit(shown, (CELL, CELL), Image.Resampling.LANCZOS), place)
    return page


def screen_photo(subject: Subject) -> Image.Image:
    """A photograph of a screen: corners moved, moire, a glare, the sensor's noise and blur."""
    width, height = subject.picture.size
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    reach = np.array([width, height], dtype=np.float32) * 0.1
    moved = corners + subject.rng.uniform(-1, 1, (4, 2)).astype(np.float32) * reach
    moved -= moved.min(axis=0)
    wide, high = np.ceil(moved.max(axis=0)).astype(int)
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    source = np.asarray(subject.picture, dtype=np.uint8)
    seen = cv2.warpPerspective(source, matrix, (int(wide), int(high)), flags=cv2.INTER_AREA)
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    period = subject.between(2.5, 6)
    moire = 1 + subject.between(0.04, 0.12) * np.sin(
        (x + y * subject.between(-0.4, 0.4)) * 2 * np.pi / period
    )
    glare = subject.between(0, 70) * (x / wide if subject.chance(0.5) else y / high)
    values = seen * moire[:, :, None] + glare[:, :, None]
    values = values + subject.rng.normal(0, subject.between(4, 10), values.shape)
    photo = image(values.astype(np.float32)).filter(ImageFilter.GaussianBlur(subject.between(0.5, 1.1)))
    return jpeg(photo, 75)


def chain(*steps: Alter) -> Alter:
    """One alteration after another."""
    return partial(_chain, steps=steps)


def _chain(subject: Subject, *, steps: tuple[Alter, ...]) -> Image.Image:
    picture = subject.picture
    for step in steps:
        picture = step(subject.with_picture(picture))
    return picture


def blended(subject: Subject) -> Image.Image:
    """A double exposure: half the picture, half another."""
    other = ImageOps.fit(subject.other(), subject.picture.size)
    return image(pixels(subject.picture) * 0.55 + pixels(other) * 0.45)
