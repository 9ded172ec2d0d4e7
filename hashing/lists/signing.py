"""The list's signing key: statements that anyone can check with the public keys that the portal names.

A statement is a compact JWS (RFC 7515) with Ed25519 (RFC 8037); its key is found by `kid`, the key's
thumbprint (RFC 7638), in the set at /api/v1/signing-keys. To change the key without a break: name the next
public key first, then change over, and name the old one for as long as what it signed is in use.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from portal.crypto import configured

_SEED = 32
_ALGORITHM = "EdDSA"


def sign(kind: str, statement: Mapping[str, Any]) -> str:
    """The statement as a compact JWS. `kind` (its `typ`) keeps a statement from passing as another."""
    head = {"alg": _ALGORITHM, "kid": key_id(public()), "typ": kind}
    signed = f"{_part(head)}.{_part(statement)}"
    return f"{signed}.{unpadded(_private().sign(signed.encode()))}"


class BadStatement(ValueError):
    """Not a statement of this kind, or not signed by a key that is named."""


def opened(kind: str, token: str) -> dict[str, Any]:
    """What a statement says, if one of the named keys signed it. Raises BadStatement."""
    signed, _dot, signature = token.strip().rpartition(".")
    try:
        head, body = (json.loads(_unpadded(part)) for part in signed.split("."))
        given = _unpadded(signature)
    except ValueError as error:
        raise BadStatement("not a statement") from error
    if not isinstance(head, dict) or head.get("alg") != _ALGORITHM or head.get("typ") != kind:
        raise BadStatement("a statement of another kind")
    keys = {key_id(key): key for key in [public(), *_announced()]}
    if head.get("kid") not in keys:
        raise BadStatement("signed with a key that isn't named")
    try:
        Ed25519PublicKey.from_public_bytes(keys[head["kid"]]).verify(given, signed.encode())
    except InvalidSignature as error:
        raise BadStatement("the signature is wrong") from error
    return dict(body)


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sign_bytes(message: bytes) -> bytes:
    """A bare signature, for forms of signing with their own layout. 64 bytes."""
    return _private().sign(message)


def public() -> bytes:
    """The public key of today's signatures, 32 bytes."""
    return _private().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_set() -> dict[str, Any]:
    """A JWK set (RFC 7517): today's key first, then the one to come and those it replaced."""
    return {"keys": [_jwk(key) for key in dict.fromkeys([public(), *_announced()])]}


def key_id(key: bytes) -> str:
    """The thumbprint of a public key."""
    members = {"crv": "Ed25519", "kty": "OKP", "x": unpadded(key)}
    return unpadded(hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest())


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _jwk(key: bytes) -> dict[str, str]:
    fixed = {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": _ALGORITHM}
    return fixed | {"x": unpadded(key), "kid": key_id(key)}


def _announced() -> list[bytes]:
    return [base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)) for key in settings.LIST_SIGNING_OTHER_KEYS]


def _part(value: Mapping[str, Any]) -> str:
    return unpadded(json.dumps(value, separators=(",", ":"), sort_keys=True).encode())


def _private() -> Ed25519PrivateKey:
    return _from_seed(configured.key("LIST_SIGNING_KEY")[:_SEED])


@lru_cache(maxsize=2)
def _from_seed(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)
