"""All models of the hashing app, from its parts."""

from __future__ import annotations

from hashing.fingerprints.models import Change, Fingerprint, RegionalFingerprint
from hashing.lists.models import (
    Entitlement,
    Entry,
    EntryFingerprint,
    List,
    LookupDay,
    Partner,
    PartnerKey,
    PartnerPosition,
    Publication,
    ServedRecord,
    Snapshot,
    Webhook,
    WebhookDelivery,
    WireRecord,
)

__all__ = [
    "Change",
    "Entitlement",
    "Entry",
    "EntryFingerprint",
    "Fingerprint",
    "List",
    "LookupDay",
    "Partner",
    "PartnerKey",
    "PartnerPosition",
    "Publication",
    "RegionalFingerprint",
    "ServedRecord",
    "Snapshot",
    "Webhook",
    "WebhookDelivery",
    "WireRecord",
]
