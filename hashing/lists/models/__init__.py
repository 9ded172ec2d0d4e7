"""Lists, entries, publications, partners, and what each partner was served."""

from __future__ import annotations

from hashing.lists.models.entries import Entry, EntryFingerprint
from hashing.lists.models.lists import List, Publication
from hashing.lists.models.lookups import LookupDay
from hashing.lists.models.partners import Entitlement, Partner, PartnerKey, PartnerPosition
from hashing.lists.models.snapshots import Snapshot
from hashing.lists.models.webhooks import DeliveryState, Webhook, WebhookDelivery
from hashing.lists.models.wire import ServedRecord, WireRecord

__all__ = [
    "DeliveryState",
    "Entitlement",
    "Entry",
    "EntryFingerprint",
    "List",
    "LookupDay",
    "Partner",
    "PartnerKey",
    "PartnerPosition",
    "Publication",
    "ServedRecord",
    "Snapshot",
    "Webhook",
    "WebhookDelivery",
    "WireRecord",
]
