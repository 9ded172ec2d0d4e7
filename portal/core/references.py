"""References and access codes: Crockford base32, made to be read aloud and typed on a phone."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 8
ACCESS_CODE_LENGTH = 16
_LOOKALIKES = str.maketrans("OIL", "011")


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_reference() -> str:
    """A public reference of 8 characters (40 bits). It opens nothing by itself."""
    return _random(REFERENCE_LENGTH)


def new_access_code() -> str:
    """A secret access code of 16 characters (80 bits)."""
    return _random(ACCESS_CODE_LENGTH)


def normalise(typed: str) -> str:
    """What somebody typed, as Crockford base32: upper case, no separators, O as 0, I and L as 1.

    A NUL, which PostgreSQL's text can't hold, becomes a character that no reference has.
    """
    return "".join(typed.split()).replace("-", "").replace("\0", "?").upper().translate(_LOOKALIKES)


def grouped(code: str) -> str:
    """A code in groups of four, for people: ABCD-EFGH."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
