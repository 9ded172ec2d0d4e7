"""The worker that sees people's files may reach nothing; everything else of ours stays ours."""

from __future__ import annotations

import pytest
from django.conf import settings

from portal import content_security
from portal.core import static_headers

SEALED = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'",
    "Cross-Origin-Embedder-Policy": "require-corp",
}


@pytest.mark.parametrize("path", ["device-worker.js", "device-worker.0a1b2c3d.js", "/x/device-worker.js"])
def test_the_worker_reaches_no_network(path: str) -> None:
    headers: dict[str, str] = {}
    static_headers.add(headers, path, "")
    assert headers == SEALED


@pytest.mark.parametrize("path", ["device.js", "app.css", "not-device-worker.css", "device-worker.js.map"])
def test_other_files_have_no_policy_of_their_own(path: str) -> None:
    headers: dict[str, str] = {}
    static_headers.add(headers, path, "")
    assert headers == {"Cross-Origin-Resource-Policy": "same-origin"}


def test_every_static_file_passes_here() -> None:
    assert settings.WHITENOISE_ADD_HEADERS_FUNCTION is static_headers.add
    assert content_security.WITH_A_WORKER["worker-src"] == ["'self'"]
    assert content_security.WITH_A_WORKER["trusted-types"] == ["portal-worker"]
