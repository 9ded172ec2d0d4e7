"""Which values may stand in an entry: nothing that could hold personal data or a fingerprint."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from portal.audit.commitments import Commitment, is_commitment

Value = int | bool | UUID | date | str

# What every JSON reader holds exactly.
_LARGEST = 2**53
_SHORT = re.compile(r"[a-z0-9_.:-]{1,64}")
# Shapes that a short identifier could take and must not: a phone number, a hash.
_PHONE = re.compile(r"[0-9.:-]*")
_PHONE_DIGITS = 9
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH = re.compile(r"[0-9a-f]{16,}")


class Unsafe(ValueError):
    """The value may not go into the log. The message names the key, never the value."""


def short(name: str, value: str) -> str:
    """The value, if it is a short identifier of lower-case letters, digits, `_`, `.`, `:` and `-`."""
    if not _SHORT.fullmatch(value) or _HASH.fullmatch(value) or _may_be_phone(value):
        raise Unsafe(f"{name}: only a short identifier may be recorded; commit to free text instead")
    return value


def encoded(name: str, value: object, kind: type[Value]) -> int | bool | str:
    """The value as JSON holds it, if it is of the kind that its verb declares. Raises Unsafe."""
    # A StrEnum's member is a short string; but a bool is no number, a datetime no date, text no commitment.
    if type(value) is not kind and not (kind is str and isinstance(value, Enum)):
        raise Unsafe(f"{name}: must be {kind.__name__}, not {type(value).__name__}")
    if isinstance(value, bool | int):
        return _number(name, value)
    if isinstance(value, UUID | date):
        return str(value)
    if isinstance(value, Commitment) and is_commitment(value):
        return str(value)
    return short(name, str(value))


def _number(name: str, value: int) -> int:
    if abs(value) >= _LARGEST:
        raise Unsafe(f"{name}: too large a number")
    return value


def _may_be_phone(value: str) -> bool:
    """Nine digits or more and nothing but separators between them; a UUID or an ISO time may look so too."""
    digits = sum(character.isdigit() for character in value)
    if digits < _PHONE_DIGITS or not _PHONE.fullmatch(value) or _UUID.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return True
    return False
