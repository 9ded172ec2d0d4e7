"""What a page may load and do: nothing from elsewhere, and no script but ours."""

from __future__ import annotations

from csp.constants import NONCE, NONE, SELF

POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [NONE],
        "connect-src": [SELF],
        "worker-src": [NONE],
        "manifest-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
    }
}
# The one page that fingerprints files starts a worker: of ours, whose address one named policy lets through.
WITH_A_WORKER = {"worker-src": [SELF], "trusted-types": ["portal-worker"]}
