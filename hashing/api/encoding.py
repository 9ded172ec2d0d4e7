"""Answers compressed as the caller asks, and with the digest of what is sent (RFC 9530)."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Callable

import zstandard
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

# Below it a header costs more than compression saves.
_SMALL = 500
_ZSTD_LEVEL, _GZIP_LEVEL = 3, 6
# What is offered, the better first.
_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda data: zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(data),
    "gzip": lambda data: gzip.compress(data, compresslevel=_GZIP_LEVEL, mtime=0),
}


def finish(accepted: str, response: HttpResponse) -> None:
    """Compress a rendered answer if that is accepted and worth it; add its digest."""
    patch_vary_headers(response, ("Accept", "Accept-Encoding"))
    coding = preferred(accepted) if len(response.content) >= _SMALL else None
    if coding is not None:
        response.content = _CODINGS[coding](response.content)
        response["Content-Encoding"] = coding
    response["Content-Digest"] = digest(hashlib.sha256(response.content).digest())


def preferred(accepted: str) -> str | None:
    """The best coding that an Accept-Encoding header allows; None for none of ours."""
    weights = dict(_weighted(each) for each in accepted.lower().split(",") if each.strip())
    offered = [(weights.get(name, weights.get("*", 0.0)), name) for name in _CODINGS]
    best = max((weight for weight, _ in offered), default=0.0)
    return next((name for weight, name in offered if weight == best), None) if best > 0 else None


def digest(sha256: bytes) -> str:
    return f"sha-256=:{base64.b64encode(sha256).decode()}:"


def _weighted(text: str) -> tuple[str, float]:
    """A coding and its weight; one that can't be read counts as refused."""
    name, _, parameters = text.partition(";")
    weight = parameters.replace(" ", "").removeprefix("q=") or "1"
    try:
        return name.strip(), float(weight)
    except ValueError:
        return name.strip(), 0.0
