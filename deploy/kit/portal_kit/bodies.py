"""Bodies of answers: read whole, held against their digest (RFC 9530), then unpacked."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Callable
from typing import Any

import requests
import urllib3
import zstandard

from portal_kit.errors import KitError, NotVerified

CODINGS = "zstd, gzip"
_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    "identity": lambda data: data,
    "gzip": gzip.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}


def as_json(answer: requests.Response) -> Any:
    """Raises NotVerified for a body that isn't what its digest says, KitError for one that breaks off."""
    with answer:
        try:
            body: bytes = answer.raw.read(decode_content=False)
        except urllib3.exceptions.HTTPError as error:
            raise KitError("The portal's answer broke off. Try again.", "unreachable") from error
    if not body:
        raise KitError("The portal's answer is empty. Try again.", "unreachable")
    expected = answer.headers.get("Content-Digest")
    if expected is not None and expected != digest(body):
        raise NotVerified("The portal's answer was changed on its way. Try again.", "digest")
    return json.loads(_UNPACK[answer.headers.get("Content-Encoding", "")](body))


def digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
