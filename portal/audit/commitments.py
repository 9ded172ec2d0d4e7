"""How free text gets into the log without being in it: a salted commitment.

Whoever has the text and its salt can show that it was the one; once the salt is destroyed with the rest of a
case's data, the commitment says nothing, and the log stays valid.
"""

from __future__ import annotations

import hashlib
import hmac
import re

_PATTERN = re.compile(r"hmac-sha256:[0-9a-f]{64}")
_SHORTEST_SALT = 16


class Commitment(str):
    """A commitment's text, made by `commitment` only."""

    __slots__ = ()


def commitment(text: str, salt: bytes) -> Commitment:
    """HMAC-SHA256 of the text under a random salt of 16 bytes or more; the caller keeps both together."""
    if len(salt) < _SHORTEST_SALT:
        raise ValueError(f"a commitment needs a random salt of at least {_SHORTEST_SALT} bytes")
    return Commitment("hmac-sha256:" + hmac.digest(salt, text.encode(), hashlib.sha256).hex())


def is_commitment(value: object) -> bool:
    return isinstance(value, Commitment) and _PATTERN.fullmatch(value) is not None
