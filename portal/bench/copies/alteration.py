"""What an alteration is, and the parts several of them use."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFont

Alter = Callable[["Subject"], Image.Image]

SAVED_AGAIN = 85
FONTS = (
    "DejaVuSans-Bold.ttf",
    "DejaVuSans.ttf",
    "LiberationSans-Bold.ttf",
    "LiberationSans-Regular.ttf",
    "LiberationSerif-Bold.ttf",
)
WORDS = (
    "when you see it",
    "tag a friend",
    "OMG look at this",
    "last night",
    "who is she?",
    "guess who",
    "POV: monday",
    "sent from my phone",
    "no way",
    "swipe up",
    "watch till the end",
    "link in bio",
    "2 hours ago",
    "wait for it",
    "can't believe this",
    "follow for more",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A picture to alter, the chance to do it with, and unrelated pictures to put beside it."""

    picture: Image.Image
    rng: np.random.Generator
    others: Sequence[Path]

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return int(self.rng.integers(low, high + 1))

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def other(self) -> Image.Image:
        """A random unrelated picture."""
        with Image.open(self.others[self.whole(0, len(self.others) - 1)]) as found:
            return found.convert("RGB")

    def words(self) -> str:
        return WORDS[self.whole(0, len(WORDS) - 1)]

    def font(self, size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
        """A random common font, or Pillow's own where there is none."""
        try:
            return ImageFont.truetype(FONTS[self.whole(0, len(FONTS) - 1)], max(8, round(size)))
        except OSError:
            return ImageFont.load_default(max(8, round(size)))

    def colour(self) -> tuple[int, int, int]:
        red, green, blue = self.rng.integers(0, 256, 3)
        return int(red), int(green), int(blue)

    def with_picture(self, picture: Image.Image) -> Subject:
        """The same chance, further on, for the next link of a chain."""
        return Subject(picture, self.rng, self.others)


def subject(path: Path, row: str, others: Sequence[Path], *, seed: int = 0) -> Subject:
    """The picture at `path`, with chances that depend on nothing but its name, the row and the seed."""
    with Image.open(path) as found:
        picture = found.convert("RGB")
    state = zlib.crc32(f"{path.name}/{row}/{seed}".encode())
    return Subject(picture, np.random.default_rng(state), others)


def jpeg(picture: Image.Image, quality: int) -> Image.Image:
    """Saved as JPEG and read again."""
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=quality)
    buffer.seek(0)
    return Image.open(buffer).convert("RGB")


def scaled(picture: Image.Image, width: float, height: float) -> Image.Image:
    return picture.resize((max(1, round(width)), max(1, round(height))), Image.Resampling.LANCZOS)


def pixels(picture: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """(height, width, 3), 0 to 255."""
    return np.asarray(picture.convert("RGB"), dtype=np.float32)


def image(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
