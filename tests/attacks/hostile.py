"""Files that try to harm whoever opens them, or that merely look like trouble."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
from PIL import Image

from tests.photos import encoded, photo

CANARY = b"CANARY-6f1d2c9b7a"


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims these dimensions and holds next to nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1_000)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb() -> bytes:
    """A few kilobytes of TIFF whose header only the decoder reads: 400 megapixels of nothing."""
    strip = zlib.compress(b"\0" * 20_000)
    tags = [
        (256, 4, 1, 20_000),
        (257, 4, 1, 20_000),
        (258, 3, 1, 8),
        (259, 3, 1, 8),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, 20_000),
        (279, 4, 1, len(strip)),
    ]
    directory = (
        struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + b"\0" * 4
    )
    padding = b"\0" * (len(strip) % 2)
    start = 8 + len(strip) + len(padding)
    return b"II*\0" + struct.pack("<I", start) + strip + padding + directory


def truncated() -> bytes:
    whole = encoded(photo(), quality=90)
    return whole[: len(whole) // 2]


def polyglot() -> bytes:
    """A JPEG that is a ZIP archive too."""
    return encoded(photo()) + b"PK\x03\x04" + b"\0" * 60 + b"PK\x05\x06" + b"\0" * 18


def script_in_gif() -> bytes:
    return b"GIF89a/*\x01\x00" + b"\0" * 8 + b"*/=1;</script><script>alert(1)</script>"


def svg() -> bytes:
    return b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def html() -> bytes:
    return b"<!DOCTYPE html><html><body onload=alert(1)>hello</body></html>"


def pdf() -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def animated() -> bytes:
    frames = [photo(), photo("cat").resize((600, 400))]
    return encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)


def cmyk() -> bytes:
    return encoded(photo().convert("CMYK"), quality=95)


def deep() -> bytes:
    grey = np.asarray(photo().convert("L")).astype(np.uint16) * 257
    return encoded(Image.fromarray(grey), "PNG")


def palette() -> bytes:
    return encoded(photo().convert("P", palette=Image.Palette.ADAPTIVE, colors=256), "PNG")


def with_canaries() -> bytes:
    """A photograph with the canary in its comment, its EXIF and, spelled in grey values, its pixels."""
    image = photo()
    pixels = np.array(image)
    letters = np.frombuffer(CANARY, np.uint8)
    pixels[:, : len(letters)] = letters[None, :, None]
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    out = BytesIO()
    Image.fromarray(pixels).save(out, "BMP")
    raw = out.getvalue()
    assert CANARY[:1] * 3 in raw
    uncompressed = BytesIO()
    grey = Image.fromarray(pixels[:, :, 0])
    grey.save(uncompressed, "TIFF", compression=None, exif=exif)
    return uncompressed.getvalue()
