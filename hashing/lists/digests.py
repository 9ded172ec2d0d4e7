"""The digest of what is approved: if anything of it changes, the approval no longer fits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from hashing.fingerprints.models import RegionalFingerprint
from hashing.lists.models import Entry, EntryFingerprint
from portal.audit import unrecorded


def digest(entry: Entry, rows: Iterable[EntryFingerprint]) -> str:
    """SHA-256 (hex) over the entry, its list and rule, its picture, category and all fingerprint rows.

    Where the person consented to them, over the regional fingerprints too that the picture had when it was
    proposed. (A newer version can be added later.)
    """
    lines = [[row.kind, row.variant, row.value, str(row.quality), row.algorithm] for row in rows]
    if entry.regional:
        regional = RegionalFingerprint.objects.filter(
            picture=entry.picture_id, made_at__lte=entry.proposed_at
        )
        lines += [["regional", row.box, _codes(row), str(row.count), f"v{row.version}"] for row in regional]
    lines.sort()
    what = [entry.rule, str(entry.picture_id), entry.media_type, entry.category]
    whole = [str(entry.pk), str(entry.list_id), *what, lines]
    return hashlib.sha256(json.dumps(whole, separators=(",", ":")).encode()).hexdigest()


@unrecorded("only their digest leaves; entry.proposed and entry.approved tell what it was for")
def _codes(row: RegionalFingerprint) -> str:
    return hashlib.sha256(row.codes).hexdigest()
