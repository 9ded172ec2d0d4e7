"""Headers of our own static files, beside WhiteNoise's."""

from __future__ import annotations

import re

# A worker has the policy of its own response. This one sees people's files: it reaches no network at all.
_SEALED = "default-src 'none'"
_WORKER = re.compile(r"(^|/)device-worker(\.\w+)?\.js$")


def add(headers: dict[str, str], path: str, url: str) -> None:  # noqa: ARG001 (WhiteNoise's signature)
    """Called for each file when it is found."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if _WORKER.search(path):
        headers["Content-Security-Policy"] = _SEALED
        # A page that is isolated from other sites starts no worker that doesn't ask for the same.
        headers["Cross-Origin-Embedder-Policy"] = "require-corp"
