"""The agency's signatures: compact JWS with Ed25519, by a key that the portal names.

The first keys seen are noted in the local list. After that a set of keys is believed if it still names one of
them, as it does in every orderly change of keys; a set of nothing but strangers is not.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal_kit.errors import NotVerified
from portal_kit.portal import Portal
from portal_kit.store import LocalList


def trusted(local: LocalList, portal: Portal) -> dict[str, bytes]:
    """The public keys whose signatures count, by their ids; noted in the local list."""
    named = portal.get("/api/v1/signing-keys")["keys"]
    keys = {key["kid"]: _decoded(key["x"]) for key in named if key["kty"] == "OKP"}
    known = set(local.about("signing_keys").split())
    if known and not known & set(keys):
        message = (
            "The portal names none of the signing keys that it named before. Ask the agency, by telephone."
        )
        raise NotVerified(message, "signing_keys")
    local.note(signing_keys=" ".join(keys))
    return keys


def verified(statement: str, kind: str, keys: dict[str, bytes]) -> dict[str, Any]:
    """What a signed statement says. Raises NotVerified."""
    try:
        head, payload, signature = statement.split(".")
        about = json.loads(_decoded(head))
        if (about["alg"], about["typ"]) != ("EdDSA", kind):
            raise NotVerified("This isn't the kind of statement that was asked for.", "signature")
        public = Ed25519PublicKey.from_public_bytes(keys[about["kid"]])
        public.verify(_decoded(signature), f"{head}.{payload}".encode())
        said: dict[str, Any] = json.loads(_decoded(payload))
    except (ValueError, KeyError, TypeError, InvalidSignature) as error:
        raise NotVerified(
            "The agency's signature isn't right: this isn't what it signed.", "signature"
        ) from error
    return said


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
