"""Opens a picture in full. Runs in the caged child (and offline), so it never imports Django.

What comes out is always an upright picture in RGB: EXIF orientation applied, transparent parts on white, any
other depth or colour model converted; of an animation its first frame, unless that is too plain (frames).
"""

from __future__ import annotations

import importlib.util
import warnings
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from PIL import AvifImagePlugin, Image, ImageFile, UnidentifiedImageError

from portal.vault import formats, frames

_OPENERS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/avif": "AVIF",
    "image/tiff": "TIFF",
    "image/heic": "HEIF",
}
# Kinds whose frames follow each other; pages of a TIFF and the further pictures of a JPEG or HEIC don't.
_MOVING = {"image/png", "image/webp", "image/gif", "image/avif"}


class Refused(Exception):
    """The file can't be used; `code` is one of portal.vault.refusals."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Decoded:
    """The upright picture that stands for the file, RGB, and what the file was. further: other views of it
    (the middle and last frame of an animation, transparent parts on black), if they were asked for."""

    image: Image.Image
    media_type: str
    further: tuple[Image.Image, ...] = ()


def prepare() -> None:
    """Load everything that decoding may need, before the child gives up opening files."""
    Image.MAX_IMAGE_PIXELS = formats.MAX_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.init()
    _register_heif()


def decode(data: bytes, *, every: bool = False) -> Decoded:
    """Decode in full, with every view if they are wanted. Raises Refused."""
    prepare()
    code = formats.refusal(data[: formats.HEAD])
    if code is None and formats.hides_another(data[-formats.TAIL :]):
        code = "polyglot"
    if code:
        raise Refused(code)
    kind = formats.media_type(data) or ""
    if kind == "image/heic" and not _register_heif():
        raise Refused("no_decoder")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image, *further = frames.pictures(_opened(data, kind), animated=kind in _MOVING, every=every)
            return Decoded(image, kind, tuple(further))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too_many_pixels") from error
    except MemoryError:
        raise
    except Exception as error:  # codecs raise anything at all on hostile bytes
        raise Refused("damaged") from error


def _opened(data: bytes, kind: str) -> Image.Image:
    try:
        image: Image.Image = Image.open(BytesIO(data), formats=[_OPENERS[kind]])
    except UnidentifiedImageError as error:
        raise Refused("damaged") from error
    if formats.too_many_pixels(image.size):
        raise Refused("too_many_pixels")
    return image


@cache
def _register_heif() -> bool:
    """HEIC is an extra: its wheel carries codecs under the GPL, so it is loaded only when it is installed."""
    if importlib.util.find_spec("pillow_heif") is None:
        return False
    from pillow_heif import register_heif_opener  # noqa: PLC0415 (an extra, see above)

    register_heif_opener(thumbnails=False, decode_threads=1)
    return True
