"""Opens a picture in full. Runs in the caged child (and offline), so it never imports Django.

What comes out is always the upright first frame in RGB: EXIF orientation applied, transparent parts on white,
any other depth or colour model converted.
"""

from __future__ import annotations

import importlib.util
import warnings
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import AvifImagePlugin, Image, ImageFile, ImageOps, UnidentifiedImageError

from portal.vault import formats

_OPENERS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/avif": "AVIF",
    "image/tiff": "TIFF",
    "image/heic": "HEIF",
}
_DEEP = {"I", "I;16", "I;16B", "I;16L", "I;16N", "F"}
_BYTE, _WORD = 255, 65_535


class Refused(Exception):
    """The file can't be used; `code` is one of portal.vault.refusals."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Decoded:
    """The upright first frame, RGB, and what the file was."""

    image: Image.Image
    media_type: str


def prepare() -> None:
    """Load everything that decoding may need, before the child gives up opening files."""
    Image.MAX_IMAGE_PIXELS = formats.MAX_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.init()
    _register_heif()


def decode(data: bytes) -> Decoded:
    """Decode in full. Raises Refused."""
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
            return Decoded(_upright_rgb(data, _OPENERS[kind]), kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too_many_pixels") from error
    except MemoryError:
        raise
    except Exception as error:  # codecs raise anything at all on hostile bytes
        raise Refused("damaged") from error


def to_rgb(image: Image.Image) -> Image.Image:
    """Any mode as 8-bit RGB, transparent parts painted on white."""
    if image.mode in _DEEP:
        return Image.fromarray(_to_bytes(np.asarray(image))).convert("RGB")
    if image.mode == "LAB":
        return image.getchannel("L").convert("RGB")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return image if image.mode == "RGB" else image.convert("RGB")


def _upright_rgb(data: bytes, opener: str) -> Image.Image:
    try:
        image: Image.Image = Image.open(BytesIO(data), formats=[opener])
    except UnidentifiedImageError as error:
        raise Refused("damaged") from error
    if formats.too_many_pixels(image.size):
        raise Refused("too_many_pixels")
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    return to_rgb(image)


def _to_bytes(deep: NDArray[Any]) -> NDArray[np.uint8]:
    """Deep grey values as bytes: by the depth that the largest value needs (1.0, 255, 65535 or itself)."""
    if deep.dtype == np.uint16:
        high: NDArray[np.uint8] = (deep >> 8).astype(np.uint8)
        return high
    values = np.nan_to_num(deep.astype(np.float32), posinf=0, neginf=0).clip(min=0)
    top = float(values.max(initial=0))
    if np.issubdtype(deep.dtype, np.floating) and top <= 1:
        full = 1.0
    else:
        full = next((depth for depth in (_BYTE, _WORD) if top <= depth), top)
    scaled: NDArray[np.uint8] = (values * (_BYTE / full)).astype(np.uint8)
    return scaled


@cache
def _register_heif() -> bool:
    """HEIC is an extra: its wheel carries codecs under the GPL, so it is loaded only when it is installed."""
    if importlib.util.find_spec("pillow_heif") is None:
        return False
    from pillow_heif import register_heif_opener  # noqa: PLC0415 (an extra, see above)

    register_heif_opener(thumbnails=False, decode_threads=1)
    return True
