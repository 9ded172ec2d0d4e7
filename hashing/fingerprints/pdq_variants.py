"""PDQ hashes of ways a picture is commonly passed on, for partners whose matcher speaks PDQ and nothing else.

A PDQ hash at distance 31 forgives a re-saved or resized picture, but not a crop, a turn or a border. Those
that are always the same (a square crop, a mirror image, a story's letterbox) can be hashed in advance. Which
64 to keep, and in which order, was chosen greedily: each one finds the most altered copies that those before
it miss. Never imports Django.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial

from PIL import Image, ImageFilter

from hashing.fingerprints import pdq
from hashing.fingerprints.pdq_order import ORDER

ALGORITHM = "pdq-variants-v1"
MOST = 64
SIDE = 768
# A strip (1 x 10,000) enlarged to fill a page would take gigabytes: of more than this the middle alone is.
MOST_PIXELS = 64_000_000
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
BORDERS = (0.06, 0.08, 0.10, 0.12, 0.14, 0.16, 0.18, 0.20, 0.23)

Frame = Callable[[Image.Image], Image.Image]


def variants(image: Image.Image) -> tuple[pdq.PdqHash, ...]:
    """At most 64 hashes of an upright RGB picture, the most useful first; the first is the picture as it is.

    Variants whose hash repeats an earlier one (a square picture's square crop) are left out.
    """
    seen: dict[str, pdq.PdqHash] = {}
    for found in hashed(image, ORDER[:MOST]):
        seen.setdefault(found.value, found)
    return tuple(seen.values())


def hashed(image: Image.Image, names: tuple[str, ...]) -> Iterator[pdq.PdqHash]:
    """The named variants' hashes. The eight orientations are those of the plain PDQ kind, value for value."""
    plain = {one.variant: one for one in pdq.orientations(image)}
    small = _reduced(image)
    frames = all_frames()
    for name in names:
        if name in plain:
            yield plain[name]
            continue
        frame, _, orientation = name.partition(".")
        turn = pdq.ORIENTATIONS[orientation or "original"]
        made = frames[frame](small)
        found = pdq.pdq(made if turn is None else made.transpose(turn))
        yield pdq.PdqHash(name, found.value, found.quality)


def all_frames() -> dict[str, Frame]:
    """Every framing that the choice was made from, by name."""
    frames: dict[str, Frame] = {
        f"crop-{across}x{down}": partial(_shaped, ratio=across / down)
        for across, down in ((1, 1), (4, 5), (5, 4), (9, 16), (16, 9), (3, 4), (4, 3), (2, 3), (3, 2))
    }
    frames |= {f"trim-{percent:02}": partial(_trimmed, share=percent / 100) for percent in (2, 4, 6, 9, 12)}
    for degrees in (5, -5, 15, -15, 10, -10):
        frames[f"tilt{degrees:+}-inside"] = partial(_tilted_inside, degrees=degrees)
        frames[f"tilt{degrees:+}-black"] = partial(_tilted, degrees=degrees, colour=BLACK)
        frames[f"tilt{degrees:+}-white"] = partial(_tilted, degrees=degrees, colour=WHITE)
    for share in BORDERS:
        for word, colour in (("black", BLACK), ("white", WHITE)):
            for side, (x, y) in {"sides": (share, 0.0), "ends": (0.0, share), "all": (share, share)}.items():
                frames[f"{word}-{side}-{round(share * 100):02}"] = partial(_bordered, x=x, y=y, colour=colour)
    for across, down in ((9, 16), (5, 4), (16, 9), (1, 1)):
        frames[f"blurred-{across}x{down}"] = partial(_blurred, ratio=across / down)
    return frames


def _reduced(image: Image.Image) -> Image.Image:
    factor = SIDE / max(image.size)
    if factor >= 1:
        return image
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.BILINEAR)


def _middle(image: Image.Image, wide: float, high: float) -> Image.Image:
    left, top = (image.width - wide) / 2, (image.height - high) / 2
    box = (math.floor(left), math.floor(top), math.ceil(left + wide), math.ceil(top + high))
    return image.crop(box)


def _shaped(image: Image.Image, *, ratio: float) -> Image.Image:
    return _middle(image, min(image.width, image.height * ratio), min(image.height, image.width / ratio))


def _trimmed(image: Image.Image, *, share: float) -> Image.Image:
    return _middle(image, image.width * (1 - share), image.height * (1 - share))


def _tilted(image: Image.Image, *, degrees: float, colour: tuple[int, int, int]) -> Image.Image:
    return image.rotate(degrees, Image.Resampling.BILINEAR, expand=True, fillcolor=colour)


def _tilted_inside(image: Image.Image, *, degrees: float) -> Image.Image:
    """Without corners: the largest upright rectangle of the picture's shape within the tilted one."""
    sine, cosine = math.sin(abs(math.radians(degrees))), math.cos(math.radians(degrees))
    width, height = image.size
    factor = min(width / (width * cosine + height * sine), height / (width * sine + height * cosine))
    return _middle(image.rotate(degrees, Image.Resampling.BILINEAR), width * factor, height * factor)


def _bordered(image: Image.Image, *, x: float, y: float, colour: tuple[int, int, int]) -> Image.Image:
    across, down = round(x * image.width), round(y * image.height)
    page = Image.new("RGB", (image.width + 2 * across, image.height + 2 * down), colour)
    page.paste(image, (across, down))
    return page


def _blurred(image: Image.Image, *, ratio: float) -> Image.Image:
    """On a blurred, enlarged copy of itself with this ratio of width to height."""
    wide, high = max(image.width, round(image.height * ratio)), max(image.height, round(image.width / ratio))
    grown = max(wide / image.width, high / image.height)
    size = (round(image.width * grown), round(image.height * grown))
    if size[0] * size[1] > MOST_PIXELS:
        page = _middle(image, wide / grown, high / grown).resize((wide, high), Image.Resampling.BILINEAR)
    else:
        page = _middle(image.resize(size, Image.Resampling.BILINEAR), wide, high)
    page = page.filter(ImageFilter.GaussianBlur(max(wide, high) / 25))
    page.paste(image, ((page.width - image.width) // 2, (page.height - image.height) // 2))
    return page
