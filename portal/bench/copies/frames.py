"""The picture inside something else: a border, a letterbox, an app's page."""

from __future__ import annotations

from functools import partial

from PIL import Image, ImageDraw, ImageFilter

from portal.bench.copies.alteration import Alter, Subject, jpeg, scaled

SHAPES = (9 / 16, 5 / 4, 16 / 9, 1.0)


def bordered(colour: tuple[int, int, int]) -> Alter:
    return partial(_bordered, colour=colour)


def _bordered(subject: Subject, *, colour: tuple[int, int, int]) -> Image.Image:
    """5 to 25 % on the sides, above and below, or all round."""
    picture = subject.picture
    which = subject.whole(0, 2)
    across = 0 if which == 0 else subject.between(0.05, 0.25) * picture.width
    down = 0 if which == 1 else subject.between(0.05, 0.25) * picture.height
    wide, high = round(picture.width + 2 * across), round(picture.height + 2 * down)
    page = Image.new("RGB", (wide, high), colour)
    page.paste(picture, (round(across), round(down)))
    return page


def letterbox_blur(subject: Subject) -> Image.Image:
    """On a blurred, enlarged copy of itself, in the shape of a story, a post or a film."""
    picture = subject.picture
    ratio = SHAPES[subject.whole(0, len(SHAPES) - 1)]
    wide = max(picture.width, round(picture.height * ratio))
    high = max(picture.height, round(picture.width / ratio))
    if (
        min(wide / picture.width, high / picture.height) == 1
        and wide * high <= 1.1 * picture.width * picture.height
    ):
        wide, high = round(wide * 1.2), round(high * 1.2)
    grown = max(wide / picture.width, high / picture.height)
    page = scaled(picture, picture.width * grown, picture.height * grown)
    page = page.crop((0, 0, wide, high)).filter(ImageFilter.GaussianBlur(max(wide, high) / 25))
    page.paste(picture, ((wide - picture.width) // 2, (high - picture.height) // 2))
    return page


def screenshot(subject: Subject) -> Image.Image:
    """A phone page: status bar, avatar, name, the picture, icons, lines of text."""
    wide = subject.whole(540, 720)
    high = round(wide * subject.between(1.7, 2.16))
    dark = subject.chance(0.4)
    ground, ink = ((18, 18, 18), (235, 235, 235)) if dark else ((255, 255, 255), (20, 20, 20))
    page = Image.new("RGB", (wide, high), ground)
    margin = subject.whole(0, wide // 12)
    shown = scaled(
        subject.picture,
        wide - 2 * margin,
        (wide - 2 * margin) * subject.picture.height / subject.picture.width,
    )
    room = high - shown.height
    if room < wide // 3:
        shown = scaled(shown, shown.width * 0.6, shown.height * 0.6)
        room = high - shown.height
    top = subject.whole(wide // 5, max(wide // 5, room - wide // 8))
    draw = ImageDraw.Draw(page)
    _status_bar(subject, draw, wide, ink)
    _head(subject, draw, wide, top, ink)
    page.paste(shown, ((wide - shown.width) // 2, top))
    _foot(subject, draw, (wide, high), top + shown.height, ink)
    return jpeg(page, 70)


def _status_bar(subject: Subject, draw: ImageDraw.ImageDraw, wide: int, ink: tuple[int, int, int]) -> None:
    size = wide / 26
    draw.text(
        (wide * 0.05, size * 0.5),
        f"{subject.whole(0, 23):02}:{subject.whole(0, 59):02}",
        ink,
        subject.font(size),
    )
    for bar in range(4):
        left = wide * 0.78 + bar * size * 0.4
        draw.rectangle((left, size * (1.2 - 0.2 * bar), left + size * 0.25, size * 1.5), fill=ink)
    draw.rounded_rectangle(
        (wide * 0.88, size * 0.6, wide * 0.95, size * 1.5), size * 0.2, outline=ink, width=2
    )


def _head(
    subject: Subject, draw: ImageDraw.ImageDraw, wide: int, top: int, ink: tuple[int, int, int]
) -> None:
    radius = wide // 22
    y = top - radius - wide // 40
    draw.ellipse((wide * 0.04, y - radius, wide * 0.04 + 2 * radius, y + radius), fill=subject.colour())
    draw.text(
        (wide * 0.04 + 2.4 * radius, y - radius),
        f"user_{subject.whole(10, 9999)}",
        ink,
        subject.font(wide / 28),
    )
    draw.text((wide * 0.04 + 2.4 * radius, y), subject.words(), (128, 128, 128), subject.font(wide / 36))


def _foot(
    subject: Subject, draw: ImageDraw.ImageDraw, size: tuple[int, int], below: int, ink: tuple[int, int, int]
) -> None:
    wide, high = size
    unit = wide // 18
    y = below + unit // 2
    draw.polygon([(unit, y), (unit * 2, y), (unit * 1.5, y + unit)], outline=ink)
    draw.ellipse((unit * 2.6, y, unit * 3.6, y + unit), outline=ink, width=3)
    draw.line((unit * 4.2, y + unit, unit * 5.2, y, unit * 4.8, y + unit), fill=ink, width=3)
    y += unit * 2
    while y < high - unit:
        draw.text((unit, y), f"{subject.words()} {subject.words()}", ink, subject.font(wide / 30))
        y += round(unit * subject.between(0.9, 1.6))
