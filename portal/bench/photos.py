"""Photographs to measure with: a folder that the caller names, or scikit-image's samples."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from pathlib import Path

from PIL import Image

_SAMPLES = ("astronaut", "coffee", "chelsea", "rocket")
_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic", ".tif", ".tiff", ".gif"}
_LONGEST = 2048  # what a phone's picture is after a messenger has shrunk it


def files(bank: Path | None) -> list[bytes]:
    """The bytes of each picture file below `bank`, or of the samples as JPEG files of 2048 pixels."""
    if bank is None:
        return [_as_jpeg(name) for name in _SAMPLES]
    found = sorted(path for path in bank.rglob("*") if path.suffix.lower() in _SUFFIXES)
    if not found:
        raise FileNotFoundError(f"no pictures below {bank}")
    return [path.read_bytes() for path in found]


def pictures() -> list[Image.Image]:
    """The samples as they come."""
    return [_sample(name) for name in _SAMPLES]


def _sample(name: str) -> Image.Image:
    load: Callable[[], object] = getattr(import_module("skimage.data"), name)
    return Image.fromarray(load())  # type: ignore[arg-type]  # a NumPy array, behind a name looked up


def _as_jpeg(name: str) -> bytes:
    image = _sample(name)
    scale = _LONGEST / max(image.size)
    large = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BICUBIC)
    out = BytesIO()
    large.save(out, "JPEG", quality=90)
    return out.getvalue()
