"""Which picture stands for a file that shows several: an animation, or one with transparent parts.

The first frame may be black, and what is drawn in transparency alone is nothing on white. So the first frame,
on white or else on black, that isn't too plain stands for the file: the same one here, at a partner and in
every copy. Runs in the caged child, never imports Django.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from portal.vault import formats
from portal.vault.colours import to_rgb

WHITE, BLACK = "white", "black"
# Detail as PDQ measures its quality: what has less is not listed by PDQ.
ENOUGH = 50
_SIDE, _FULL, _PER_CENT, _STEPS = 64, 255, 100, 90
# How far frames are looked through: a minute at ten a second, or two pictures of full size.
MOST_FRAMES = 600
MOST_PIXELS = 2 * formats.MAX_PIXELS
# Further views for a look-up, and how unlike the others each must be: in levels of grey, on average.
MOST_FURTHER = 4
UNLIKE = 8
_ORIENTATION = 0x0112


@dataclass(frozen=True)
class View:
    """A way of showing a file: its frame on a paper. small: (64, 64) levels of grey."""

    frame: int
    paper: str
    small: NDArray[np.int16]

    @cached_property
    def detail(self) -> int:
        """0 to 100 and more: how much changes from each cell to the next."""
        changes = (np.abs(np.diff(self.small, axis=axis)) for axis in (0, 1))
        return sum(int((own * _PER_CENT // _FULL).sum()) for own in changes) // _STEPS

    def unlike(self, other: View) -> bool:
        return float(np.abs(self.small - other.small).mean()) > UNLIKE


def pictures(image: Image.Image, *, animated: bool, every: bool) -> Iterator[Image.Image]:
    """The upright RGB picture that stands for an opened file and, if `every`, up to four further views that
    are neither plain nor like another: the other paper, the middle and the last frame."""
    moving = animated and bool(getattr(image, "is_animated", False))
    if not moving:
        image.load()
        if not image.has_transparency_data:
            ImageOps.exif_transpose(image, in_place=True)
            yield to_rgb(image)
            return
    found = list(_looked_through(image, moving=moving, every=every))
    chosen = next((view for view in found if view.detail >= ENOUGH), None) or max(
        found, key=lambda view: view.detail
    )
    for view in [chosen, *(_further(found, chosen) if every else [])]:
        yield _shown(image, view.frame, view.paper, moving=moving)


def _looked_through(image: Image.Image, *, moving: bool, every: bool) -> Iterator[View]:
    """On white, and on black if that is plain; up to the first with enough detail, or all if `every`."""
    for frame in _frames(image) if moving else (0,):
        on_white = _view(image, frame, WHITE, moving=moving)
        yield on_white
        plain = on_white.detail < ENOUGH
        if (plain or every) and image.has_transparency_data:
            on_black = _view(image, frame, BLACK, moving=moving)
            yield on_black
            plain = plain and on_black.detail < ENOUGH
        if not plain and not every:
            return


def _frames(image: Image.Image) -> Iterator[int]:
    """Numbers of frames, each loaded. A damaged one, or one too large, ends an animation that has begun."""
    pixels = 0
    for frame in range(MOST_FRAMES):
        try:
            image.seek(frame)
            pixels += image.width * image.height
            if frame and (pixels > MOST_PIXELS or formats.too_many_pixels(image.size)):
                return
            image.load()
        except MemoryError:
            raise
        except Exception:  # codecs raise anything at all on hostile bytes, and EOFError after the last frame
            if not frame:
                raise
            return
        yield frame


def _further(found: list[View], chosen: View) -> list[View]:
    last = found[-1].frame
    kept = [chosen]
    for view in found:
        wanted = view.frame in {chosen.frame, (chosen.frame + last) // 2, last} and view.detail >= ENOUGH
        if wanted and all(map(view.unlike, kept)):
            kept.append(view)
    return kept[1 : 1 + MOST_FURTHER]


def _view(image: Image.Image, frame: int, paper: str, *, moving: bool) -> View:
    grey = (
        _shown(image, frame, paper, moving=moving).resize((_SIDE, _SIDE), Image.Resampling.BOX).convert("L")
    )
    return View(frame, paper, np.asarray(grey, dtype=np.int16))


def _shown(image: Image.Image, frame: int, paper: str, *, moving: bool) -> Image.Image:
    """A frame upright on a paper, never the opened file itself: its pixels go with the next frame."""
    if moving:
        image.seek(frame)
    image.load()
    turned = image.getexif().get(_ORIENTATION, 1) != 1
    shown = to_rgb(ImageOps.exif_transpose(image) if turned else image, paper)
    return shown.copy() if shown is image else shown
