"""Any mode of picture as 8-bit RGB, its transparent parts on a paper. Never imports Django."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_DEEP = {"I", "I;16", "I;16B", "I;16L", "I;16N", "F"}
_BYTE, _WORD = 255, 65_535


def to_rgb(image: Image.Image, paper: str = "white") -> Image.Image:
    """The picture itself where it is RGB already, else a new one."""
    if image.mode in _DEEP:
        return Image.fromarray(_to_bytes(np.asarray(image))).convert("RGB")
    if image.mode == "LAB":
        return image.getchannel("L").convert("RGB")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        sheet = Image.new("RGB", layer.size, paper)
        sheet.paste(layer, mask=layer.getchannel("A"))
        return sheet
    return image if image.mode == "RGB" else image.convert("RGB")


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
