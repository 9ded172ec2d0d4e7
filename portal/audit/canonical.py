"""The bytes of a leaf: one entry, always encoded the same way.

JSON in UTF-8 with sorted keys, no spaces and no escapes beyond what JSON requires, holding exactly
`action_id`, `actor_id`, `actor_kind`, `at` (microseconds since 1970-01-01 UTC), `id`, `nonce` (hex),
`payload`, `role`, `subject_id`, `subject_type`, `v` (1) and `verb`. UUIDs are lower-case text with dashes.
The nonce keeps anyone who holds only hashes from guessing entries.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.audit.models import Entry

VERSION = 1
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(at: datetime) -> int:
    """Since 1970, exact: no floating point on the way."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def encode(entry: Entry) -> bytes:
    """The leaf's bytes from the entry's columns, whatever its stored bytes say."""
    return _ENCODER.encode(_fields(entry)).encode()


def differences(entry: Entry) -> list[str]:
    """Names of the columns that don't say what the entry's stored bytes say."""
    try:
        stored = json.loads(bytes(entry.leaf))
    except ValueError:
        return ["leaf"]
    fields = _fields(entry)
    # As text: 5.0 is another payload than 5.
    same = {name: _ENCODER.encode(stored.get(name)) == _ENCODER.encode(fields[name]) for name in fields}
    return sorted(name for name in fields if not same[name]) or ["leaf"]


def _fields(entry: Entry) -> dict[str, object]:
    return {
        "action_id": str(entry.action_id),
        "actor_id": entry.actor_id,
        "actor_kind": entry.actor_kind,
        "at": microseconds(entry.at),
        "id": str(entry.id),
        "nonce": bytes(entry.nonce).hex(),
        "payload": entry.payload,
        "role": entry.role,
        "subject_id": entry.subject_id,
        "subject_type": entry.subject_type,
        "v": VERSION,
        "verb": entry.verb,
    }
