"""What a person's browser sends of a picture, made here with the server's own algorithms."""

from __future__ import annotations

import base64
from functools import cache
from hashlib import sha256
from typing import Any

from PIL import Image

from hashing.fingerprints import pdq_variants
from hashing.fingerprints.regional import enrol, serial
from tests.photos import encoded


def claim_of(image: Image.Image) -> dict[str, Any]:
    """One picture's entry of the JSON list; a new one each time, so that a test may change it."""
    pairs, regional = _made(image.tobytes(), image.size)
    return {
        "sha256": sha256(encoded(image)).hexdigest(),
        "width": image.width,
        "height": image.height,
        "proposed": None,
        "within": None,
        "pdq": [{"variant": name, "value": value, "quality": quality} for name, value, quality in pairs],
        "regional": base64.b64encode(regional).decode(),
        "regions": serial.parse(regional).codes.shape[0],
    }


@cache
def _made(pixels: bytes, size: tuple[int, int]) -> tuple[list[tuple[str, str, int]], bytes]:
    image = Image.frombytes("RGB", size, pixels)
    found = pdq_variants.variants(image)
    return [(one.variant, one.value, one.quality) for one in found], serial.dump(enrol.enrol(image))
