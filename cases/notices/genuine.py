"""The address at which a platform sees that a letter is really ours: its id, signed."""

from __future__ import annotations

import base64
import binascii
import hmac
from uuid import UUID

from portal.crypto import blind_index

_ID, _MAC = 16, 16  # bytes
_PURPOSE = "cases.notice.genuine"


def token(notice_id: UUID) -> str:
    """43 characters that nobody else can make."""
    return base64.urlsafe_b64encode(notice_id.bytes + _mac(notice_id)).decode().rstrip("=")


def read(given: str) -> UUID | None:
    """The notice's id, or None for what we never gave out."""
    try:
        raw = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _ID + _MAC:
        return None
    notice_id = UUID(bytes=raw[:_ID])
    return notice_id if hmac.compare_digest(raw[_ID:], _mac(notice_id)) else None


def _mac(notice_id: UUID) -> bytes:
    return blind_index.keyed(_PURPOSE, str(notice_id))[:_MAC]
