"""Equality search over values that are sealed: a keyed hash beside the sealed value.

Short on purpose: 40 bits find a row among millions, and a stolen table with a stolen key still leaves every
index with many possible values. Callers normalise first (e-mail in lower case, phone as E.164).
"""

from __future__ import annotations

import hashlib
import hmac

from portal.crypto import configured
from portal.crypto.aad import join

_INDEX_BYTES = 5


def keyed(purpose: str, value: str) -> bytes:
    """The full 32-byte HMAC-SHA256 of a value; different purposes can't be compared with each other."""
    return hmac.digest(
        configured.key("BLIND_INDEX_KEY"), join(purpose.encode(), value.encode()), hashlib.sha256
    )


def index(purpose: str, value: str) -> str:
    """10 hex digits to search by. Two values may share one: compare the opened value after finding it."""
    return keyed(purpose, value)[:_INDEX_BYTES].hex()
