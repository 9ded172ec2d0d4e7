"""What a person writes, sealed to the case's public key and bound to its row and field."""

from __future__ import annotations

from uuid import UUID

from portal.crypto import aad, sealing

CASE = "cases_case"
LOCATION = "cases_location"
NOTICE = "cases_notice"


def seal(public: bytes, text: str, *, table: str, row: UUID, field: str) -> bytes | None:
    """The sealed text, or None where there is none."""
    return sealing.seal(public, text.encode(), aad.bind(table, row, field)) if text else None


def unseal(private: bytes, sealed: bytes | memoryview | None, *, table: str, row: UUID, field: str) -> str:
    """The text, "" where there is none. Raises Unsealable with the wrong key or place."""
    if sealed is None:
        return ""
    return sealing.open_sealed(private, bytes(sealed), aad.bind(table, row, field)).decode()
