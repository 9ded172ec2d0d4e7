"""The caged child's module that renders a reveal."""

from __future__ import annotations

import json

from PIL import Image

from portal.vault import decode, encodings


def prepare() -> None:
    decode.prepare()
    encodings.reveal(Image.new("RGB", (8, 8)), "ready")  # loads the font


def answer(data: bytes, args: list[str]) -> bytes:
    """`args` is the watermark. The JPEG, or a JSON object with the refusal's code."""
    try:
        return encodings.reveal(decode.decode(data).image, args[0])
    except decode.Refused as refused:
        return json.dumps({"refusal": refused.code}).encode()
