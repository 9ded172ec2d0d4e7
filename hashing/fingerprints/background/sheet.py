"""What the background is drawn with: a page 18 units wide, its palette, chance and font."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]

ACROSS = 18
WHITE: Colour = (255, 255, 255)
WORDS = tuple(
    """hey are you there/see you tomorrow/ok/where are you now/haha yes/call me later/thank you/what time
    good morning/on my way/did you see this/love it/no problem/happy birthday/new photo/last seen today
    typing/view all comments/liked by others/add a comment/suggested for you/share to story/send message
    today/yesterday/forwarded/photo/video/settings/search/privacy/notifications/account/followers/following
    edit profile/weekend plans/dinner at eight/the bus is late/coffee first/music on/just landed""".replace(
        "\n    ", "/"
    ).split("/")
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page being drawn. All coordinates and sizes are in units; one page keeps to one font, as apps do."""

    page: Image.Image
    draw: ImageDraw.ImageDraw
    rng: np.random.Generator
    font_file: str
    dark: bool

    @property
    def unit(self) -> float:
        return self.page.width / ACROSS

    @property
    def bottom(self) -> float:
        return self.page.height / self.unit

    @property
    def ink(self) -> Colour:
        return (236, 236, 236) if self.dark else (24, 24, 24)

    @property
    def faint(self) -> Colour:
        return (140, 140, 145)

    @property
    def raised(self) -> Colour:
        """The ground of bars, bubbles and cards."""
        return (38, 40, 44) if self.dark else (238, 240, 243)

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def whole(self, low: int, high: int) -> int:
        """From low to high, both included."""
        return int(self.rng.integers(low, high + 1))

    def words(self) -> str:
        return WORDS[self.whole(0, len(WORDS) - 1)]

    def word(self) -> str:
        return self.words().split()[0]

    def clock(self) -> str:
        return f"{self.whole(0, 23)}:{self.whole(0, 59):02}"

    def font(self, size: float) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(self.font_file, max(8, round(size * self.unit)))

    def wide(self, said: str, size: float) -> float:
        return float(self.font(size).getlength(said)) / self.unit

    def text(self, x: float, y: float, said: str, size: float, *, colour: Colour | None = None) -> None:
        """A line with its top left corner there."""
        self.draw.text((x * self.unit, y * self.unit), said, colour or self.ink, self.font(size))

    def box(
        self, box: Box, radius: float = 0, *, fill: Colour | None = None, line: Colour | None = None
    ) -> None:
        self.draw.rounded_rectangle(self._pixels(box), radius * self.unit, fill, line, width=3)

    def disc(self, x: float, y: float, radius: float, *, fill: Colour) -> None:
        self.draw.ellipse(self._pixels((x - radius, y - radius, x + radius, y + radius)), fill)

    def tile(self, box: Box) -> None:
        """Where a photograph would be: soft colours without anything to recognise."""
        left, top, right, bottom = (round(value) for value in self._pixels(box))
        coarse = self.rng.integers(40, 216, (2, 2, 3), dtype=np.uint8)
        size = (max(1, right - left), max(1, bottom - top))
        self.page.paste(Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC), (left, top))

    def _pixels(self, box: Box) -> Box:
        left, top, right, bottom = box
        return (left * self.unit, top * self.unit, right * self.unit, bottom * self.unit)


def sheet(
    size: tuple[int, int],
    seed: Sequence[int],
    fonts: Sequence[Path],
    *,
    dark: bool = False,
    ground: Colour | None = None,
) -> Sheet:
    """An empty page. The same seed and fonts draw the same page."""
    rng = np.random.default_rng(seed)
    page = Image.new("RGB", size, ground or ((17, 18, 20) if dark else WHITE))
    return Sheet(page, ImageDraw.Draw(page), rng, str(fonts[int(rng.integers(len(fonts)))]), dark)


def star(points: int) -> tuple[float, ...]:
    """The closed outline of a star of radius 1, as x, y, x, y, ..."""
    found = []
    for corner in range(2 * points + 1):
        reach = 1.0 if corner % 2 == 0 else 0.42
        angle = math.pi * corner / points - math.pi / 2
        found += [reach * math.cos(angle), reach * math.sin(angle)]
    return tuple(found)
