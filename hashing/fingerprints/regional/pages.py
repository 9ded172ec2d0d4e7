"""Pages of text and shapes, so that letters, icons and round faces count as common, not as rare."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIZE = 512
LETTERS = "etaoinshrdlucmfwypvbgkETAOINSHR0123456789.,!?@#:"
FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf")


def page(seed: int) -> Image.Image:
    """One grey page; the same seed draws the same page where the same fonts are installed."""
    rng = np.random.default_rng(seed)
    dark = bool(rng.integers(2))
    picture = Image.new("L", (SIZE, SIZE), 20 if dark else 250)
    draw = ImageDraw.Draw(picture)
    ink = 240 if dark else 15
    y = 10.0
    while y < SIZE - 20:
        size = float(np.exp(rng.uniform(np.log(12), np.log(70))))
        text = "".join(rng.choice(list(LETTERS + "   "), size=int(SIZE / size * 1.6)))
        draw.text((rng.uniform(4, 40), y), text, ink, _font(rng, size))
        y += size * 1.35
    for _ in range(4):
        _shape(draw, rng, ink)
    return picture


def _font(rng: np.random.Generator, size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        return ImageFont.truetype(FONTS[int(rng.integers(len(FONTS)))], round(size))
    except OSError:
        return ImageFont.load_default(size)


def _shape(draw: ImageDraw.ImageDraw, rng: np.random.Generator, ink: int) -> None:
    x, y = rng.uniform(0, SIZE - 80, 2)
    side = rng.uniform(16, 80)
    box = (x, y, x + side, y + side)
    kind = int(rng.integers(4))
    if kind == 0:
        draw.ellipse(box, fill=ink)
    elif kind == 1:
        draw.rounded_rectangle(box, side / 5, outline=ink, width=3)
    elif kind == 2:  # noqa: PLR2004 (one of four kinds)
        draw.line((x, y + side, x + side / 2, y, x + side, y + side, x, y + side), fill=ink, width=3)
    else:
        draw.ellipse(box, fill=190, outline=ink, width=2)
        for eye in (0.3, 0.6):
            draw.ellipse((x + eye * side, y + side / 3, x + (eye + 0.1) * side, y + side / 2), fill=10)
        draw.arc((x + side / 5, y + side / 4, x + side * 0.8, y + side * 0.8), 20, 160, fill=10, width=3)
