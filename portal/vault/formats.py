"""What a file is, told from its first bytes, never from its name. Reads headers only and decodes nothing.

Standard library only: the caged child uses this too.
"""

from __future__ import annotations

import re
import struct

MAX_BYTES = 50_000_000
MAX_PIXELS = 100_000_000
HEAD = 64 * 1024  # how much of a file's beginning is looked at
TAIL = 4 * 1024  # and of its end

_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF = {b"avif", b"avis"}
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe|svg[\s>]|\?php)", re.IGNORECASE)
_HIDDEN_AT_END = re.compile(rb"PK\x05\x06|%%EOF|</(?:html|script|svg)>", re.IGNORECASE)
_FIRST = 1024
_MARKER = 0xFF
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def media_type(head: bytes) -> str | None:
    """The media type of the picture that begins with `head`, or None if it is no picture we take."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return "image/tiff"
    return _iso_media_type(head)


def refusal(head: bytes) -> str | None:
    """Why a file that begins with `head` can't be a picture that we take; None if it may be one."""
    if not head:
        return "empty"
    if media_type(head) is not None:
        return "polyglot" if _hides_at_start(head) else None
    if b"%PDF-" in head[:_FIRST]:
        return "pdf"
    if re.search(rb"<svg[\s>]", head, re.IGNORECASE):
        return "svg"
    if _MARKUP.search(head[: 4 * _FIRST]):
        return "html"
    return "video" if head[4:8] == b"ftyp" or head.startswith(b"\x1aE\xdf\xa3") else "unknown"


def hides_another(tail: bytes) -> bool:
    """Whether another file ends in `tail`: an archive, a document, a page. (Phones add short clips to
    photos; those are left alone, for original bytes are never shown to anyone.)"""
    return _HIDDEN_AT_END.search(tail) is not None


def dimensions(kind: str, head: bytes) -> tuple[int, int] | None:
    """(width, height) as the header claims them, or None if `head` doesn't reach them."""
    reader = _READERS.get(kind)
    try:
        return reader(head) if reader else None
    except (struct.error, IndexError):
        return None


def too_many_pixels(size: tuple[int, int] | None) -> bool:
    return size is not None and size[0] * size[1] > MAX_PIXELS


def _iso_media_type(head: bytes) -> str | None:
    if head[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(head[:4], "big"), 256)
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))}
    if brands & _AVIF:
        return "image/avif"
    return "image/heic" if head[8:12] in _HEIF else None


def _hides_at_start(head: bytes) -> bool:
    return b"%PDF-" in head[:_FIRST] or _MARKUP.search(head[:_FIRST]) is not None


def _png(head: bytes) -> tuple[int, int] | None:
    return struct.unpack(">II", head[16:24]) if head[12:16] == b"IHDR" else None


def _gif(head: bytes) -> tuple[int, int]:
    return struct.unpack("<HH", head[6:10])


def _webp(head: bytes) -> tuple[int, int] | None:
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", head[21:25])
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg(head: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header (SOF)."""
    at = 2
    while head[at] == _MARKER:
        if head[at + 1] in _FRAMES:
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 1 if head[at + 1] == _MARKER else 2 + int.from_bytes(head[at + 2 : at + 4], "big")
    return None


def _iso(head: bytes) -> tuple[int, int] | None:
    """The largest spatial extent that any item claims (`ispe` boxes)."""
    found = [struct.unpack(">II", head[at.end() + 4 : at.end() + 12]) for at in re.finditer(rb"ispe", head)]
    return max(found, key=lambda size: size[0] * size[1]) if found else None


_READERS = {
    "image/png": _png,
    "image/gif": _gif,
    "image/webp": _webp,
    "image/jpeg": _jpeg,
    "image/avif": _iso,
    "image/heic": _iso,
}
