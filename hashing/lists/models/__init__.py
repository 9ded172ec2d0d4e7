"""Lists, entries, publications, partners, and what each partner was served."""

from __future__ import annotations

from hashing.lists.models.entries import Entry, EntryFingerprint
from hashing.lists.models.lists import List, Publication
from hashing.lists.models.partners import Entitlement, Partner, PartnerKey, PartnerPosition
from hashing.lists.models.wire import ServedRecord, WireRecord

__all__ = [
    "Entitlement",
    "Entry",
    "EntryFingerprint",
    "List",
    "Partner",
    "PartnerKey",
    "PartnerPosition",
    "Publication",
    "ServedRecord",
    "WireRecord",
]
