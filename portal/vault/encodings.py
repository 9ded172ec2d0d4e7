"""New encodings made from a decoded picture, without any of its metadata. Runs in the caged child."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter, ImageFont

MEDIA_TYPE = "image/jpeg"
PREVIEW_SIDE = 320
REVEAL_SIDE = 1600
_PREVIEW_GRID = 20  # cells along the longest side: enough for a shape, too few for a face
_MARK_OPACITY = 96


def preview(image: Image.Image) -> bytes:
    """A small grey JPEG in which only large shapes are left."""
    grid = image.resize(_fit(image.size, _PREVIEW_GRID), Image.Resampling.BOX).convert("L")
    soft = grid.resize(_fit(image.size, PREVIEW_SIDE), Image.Resampling.BICUBIC)
    return _jpeg(soft.filter(ImageFilter.GaussianBlur(PREVIEW_SIDE / _PREVIEW_GRID / 2)), quality=70)


def reveal(image: Image.Image, mark: str) -> bytes:
    """A JPEG, longest side at most 1600 pixels, with `mark` written across all of it."""
    size = _fit(image.size, min(REVEAL_SIDE, max(image.size)))
    shown = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    shown.paste(Image.new("RGB", size, "white"), mask=_mark(size, mark, ink=0))
    shown.paste(Image.new("RGB", size, "black"), mask=_mark(size, mark, ink=1))
    return _jpeg(shown, quality=85)


def _mark(size: tuple[int, int], text: str, *, ink: int) -> Image.Image:
    """The text, tiled and slanted, as a mask. `ink` shifts it a pixel: one of two inks always shows."""
    side = max(size) * 3 // 2
    font = ImageFont.load_default(max(12, max(size) // 36))
    layer = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(layer)
    left, top, right, bottom = (int(edge) for edge in draw.textbbox((0, 0), text, font=font))
    step_x, step_y = right - left + 40, (bottom - top) * 5
    for row, y in enumerate(range(0, side, max(step_y, 1))):
        for x in range(-(row % 2) * step_x // 2, side, max(step_x, 1)):
            draw.text((x + ink, y + ink), text, fill=_MARK_OPACITY, font=font)
    turned = layer.rotate(30, resample=Image.Resampling.BILINEAR)
    x, y = (side - size[0]) // 2, (side - size[1]) // 2
    return turned.crop((x, y, x + size[0], y + size[1]))


def _fit(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """`size` scaled so that its longest side is `longest`, no side below one pixel."""
    scale = longest / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _jpeg(image: Image.Image, *, quality: int) -> bytes:
    clean = Image.frombytes(image.mode, image.size, image.tobytes())
    out = BytesIO()
    clean.save(out, "JPEG", quality=quality)
    return out.getvalue()
