"""The digest of what is approved: if anything of it changes, the approval no longer fits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from hashing.lists.models import Entry, EntryFingerprint


def digest(entry: Entry, rows: Iterable[EntryFingerprint]) -> str:
    """SHA-256 (hex) over the entry, its list and rule, its picture, category and all fingerprint rows."""
    lines = sorted([row.kind, row.variant, row.value, str(row.quality), row.algorithm] for row in rows)
    what = [entry.rule, str(entry.picture_id), entry.media_type, entry.category]
    whole = [str(entry.pk), str(entry.list_id), *what, lines]
    return hashlib.sha256(json.dumps(whole, separators=(",", ":")).encode()).hexdigest()
