"""What is laid over pictures: captions and letters in common fonts, watermarks, drawn faces."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from hashing.fingerprints.background import icons
from hashing.fingerprints.background.sheet import ACROSS, WHITE, Colour, Sheet, sheet

SIZE = (900, 900)
BLACK: Colour = (0, 0, 0)
YELLOW: Colour = (255, 230, 0)
GREY: Colour = (120, 120, 120)
# Ink, outline or None, bar behind or None.
STYLES: tuple[tuple[Colour, Colour | None, Colour | None], ...] = (
    (WHITE, BLACK, None),
    (YELLOW, BLACK, None),
    (WHITE, None, BLACK),
    (BLACK, None, WHITE),
)


def overlays(fonts: Sequence[Path]) -> Iterator[tuple[str, Image.Image]]:
    """A sheet of letters and captions in every font, watermarks in some, faces and signs."""
    for number, font in enumerate(fonts):
        yield f"letters/{font.stem}", _letters(sheet(SIZE, (2, number), [font])).page
        yield f"caption/{font.stem}", _captions(sheet(SIZE, (3, number), [font], ground=GREY)).page
    for number, font in enumerate(fonts[::2]):
        yield f"watermark/{font.stem}", _watermark(sheet(SIZE, (4, number), [font], ground=GREY))
    for number, size in enumerate((2.2, 3.6, 5.5)):
        yield f"faces/{number + 1}", _faces(sheet(SIZE, (5, number), fonts), size).page
        yield f"signs/{number + 1}", _signs(sheet(SIZE, (6, number), fonts), size / 2).page


def _letters(own: Sheet) -> Sheet:
    y = 0.3
    for size in (1.9, 1.2, 0.8):
        letters = string.ascii_letters + string.digits + "!?#@&"
        while letters:
            count = int(17 / (size * 0.78))
            own.text(0.4, y, " ".join(letters[:count]), size * 0.85)
            letters, y = letters[count:], y + size * 1.15
    return own


def _captions(own: Sheet) -> Sheet:
    """The same words in every style, as a caption has them: large and in the middle."""
    y = 0.5
    for ink, edge, bar in STYLES * 2:
        size = own.between(1.2, 1.9)
        said = own.words()
        if bar is not None:
            own.box((0, y - 0.1, 18, y + size * 1.35), fill=bar)
        place = (9 * own.unit, y * own.unit)
        wide = round(size * own.unit / 14) if edge else 0
        own.draw.text(place, said, ink, own.font(size), "ma", stroke_width=wide, stroke_fill=edge)
        y += size * 1.5
    return own


def _watermark(own: Sheet) -> Image.Image:
    """Faint words all over, aslant."""
    layer = Image.new("RGBA", (1300, 1300), (0, 0, 0, 0))
    draw, said, font = ImageDraw.Draw(layer), own.words(), own.font(own.between(0.9, 1.5))
    for row in range(9):
        for column in range(4):
            draw.text((column * 430 - (row % 2) * 215, row * 150), said, (255, 255, 255, 110), font)
    layer = layer.rotate(own.between(20, 40), Image.Resampling.BICUBIC).crop((200, 200, 1100, 1100))
    return Image.alpha_composite(own.page.convert("RGBA"), layer).convert("RGB")


def _faces(own: Sheet, size: float) -> Sheet:
    """Round yellow faces with different eyes and mouths."""
    y = size * 0.7
    while y < own.bottom - size * 0.5:
        x = size * 0.7
        while x < ACROSS - size * 0.4:
            _face(own, x, y, size / 2)
            x += size * 1.2
        y += size * 1.2
    return own


def _face(own: Sheet, x: float, y: float, radius: float) -> None:
    own.disc(x, y, radius, fill=(255, 204, 50))
    eye = own.between(0.08, 0.16) * radius
    for side in (-1, 1):
        own.disc(x + side * radius * 0.36, y - radius * 0.25, eye, fill=(90, 60, 20))
    reach = own.between(0.35, 0.6) * radius
    box = [(x - reach) * own.unit, (y - reach) * own.unit, (x + reach) * own.unit, (y + reach) * own.unit]
    first, last = ((20, 160), (200, 340), (0, 180), (0, 360))[own.whole(0, 3)]
    own.draw.arc(box, first, last, (90, 60, 20), max(2, round(radius * own.unit / 10)))


def _signs(own: Sheet, size: float) -> Sheet:
    """Every icon, large."""
    for at, name in enumerate(icons.ICONS):
        row, column = divmod(at, 5)
        icons.draw(own, name, 1.9 + 3.5 * column, 1.9 + 3.5 * row, size * 1.1)
    return own
