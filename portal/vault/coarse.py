"""What the audit log may say of a picture's size, for ever: so little that nobody recognises a picture by it.

A file's bytes, counted exactly, or its width and height after a crop, tell it from almost every other one.
"""

from __future__ import annotations

_MEBIBYTE = 1 << 20
_MEGAPIXEL = 1_000_000


def mebibytes(size: int) -> int:
    """Of a file of `size` bytes, rounded up."""
    return -(-size // _MEBIBYTE)


def megapixels(width: int, height: int) -> int:
    """Rounded up."""
    return -(-width * height // _MEGAPIXEL)
