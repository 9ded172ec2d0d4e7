"""What of a file is looked up beside its picture as a whole: pieces of a very long page, other frames.

A look-up sees a picture at 560 pixels. What fills a tenth of a page's length would be 50 of them wide, too
little for its regions; in a piece of the page it is as large as in a photograph of it. The number of pieces
is bounded, and so is the work. Never imports Django.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from PIL import Image

from hashing.fingerprints import pdq, trimming
from hashing.fingerprints.boxes import Rectangle
from hashing.fingerprints.pdq import PdqHash

# Screens of telephones are up to 2.2 times as long as wide.
LONG = 2.5
# A piece is at most twice as long as wide, unless there would be too many; a quarter is in the next too.
PIECE, STEP = 2.0, 0.75
MOST = 12
# A page that is not this many pixels wide shows no picture that could be told.
NARROWEST = 64


def further(
    image: Image.Image, views: Sequence[Image.Image] = ()
) -> Iterator[tuple[Rectangle, Image.Image, tuple[PdqHash, ...]]]:
    """Up to twelve: where each lies in the file's picture, its pixels, and the PDQ hashes worth asking about.

    views: other frames, or the picture on another paper; each is looked up like a picture of its own.
    """
    for view in views:
        yield Rectangle(0, 0, *image.size), view, hashes(view)
    for box in tiles(*image.size, most=MOST - len(views)):
        tile = image.crop(box)
        yield box, tile, hashes(tile)[1:]


def hashes(image: Image.Image) -> tuple[PdqHash, ...]:
    """The PDQ hash of a picture, and of the picture within its frame if it has one."""
    within = trimming.picture_within(image)
    own = pdq.pdq(image)
    if within is None:
        return (own,)
    return own, pdq.pdq(image.crop((within.left, within.top, within.right, within.bottom)))


def tiles(width: int, height: int, *, most: int = MOST) -> list[Rectangle]:
    """The pieces of a very long (or wide) page from one end to the other; none of any other picture."""
    short, long = sorted((width, height))
    if short < NARROWEST or long < LONG * short:
        return []
    count = min(most, 1 + math.ceil((long / (PIECE * short) - 1) / STEP))
    length = long / (1 + STEP * (count - 1))
    starts = [round(STEP * length * at) for at in range(count)]
    ends = [min(long, round(start + length)) for start in starts]
    if height > width:
        return [Rectangle(0, start, width, end) for start, end in zip(starts, ends, strict=True)]
    return [Rectangle(start, 0, end, height) for start, end in zip(starts, ends, strict=True)]
