"""All models of the hashing app, from its parts."""

from __future__ import annotations

from hashing.fingerprints.models import Change, Fingerprint, RegionalFingerprint
from hashing.lists.models import (
    Entitlement,
    Entry,
    EntryFingerprint,
    Feedback,
    List,
    LookupDay,
    MatchDay,
    Partner,
    PartnerKey,
    PartnerPosition,
    Publication,
    Quarantine,
    ServedRecord,
    Snapshot,
    Submission,
    SubmissionFingerprint,
    Webhook,
    WebhookDelivery,
    WireRecord,
)

__all__ = [
    "Change",
    "Entitlement",
    "Entry",
    "EntryFingerprint",
    "Feedback",
    "Fingerprint",
    "List",
    "LookupDay",
    "MatchDay",
    "Partner",
    "PartnerKey",
    "PartnerPosition",
    "Publication",
    "Quarantine",
    "RegionalFingerprint",
    "ServedRecord",
    "Snapshot",
    "Submission",
    "SubmissionFingerprint",
    "Webhook",
    "WebhookDelivery",
    "WireRecord",
]
