"""Lists, entries, publications, partners, and what each partner was served."""

from __future__ import annotations

from hashing.lists.models.agreements import Agreement, OffBoarding
from hashing.lists.models.entries import Entry, EntryFingerprint
from hashing.lists.models.feedback import Feedback, MatchDay
from hashing.lists.models.guard import GuardCheck, Harmless
from hashing.lists.models.lists import List, Publication
from hashing.lists.models.lookups import LookupDay
from hashing.lists.models.partners import Entitlement, Partner, PartnerKey, PartnerPosition
from hashing.lists.models.quarantine import Quarantine
from hashing.lists.models.snapshots import Snapshot
from hashing.lists.models.statements import Statement
from hashing.lists.models.submissions import Submission, SubmissionFingerprint
from hashing.lists.models.webhooks import DeliveryState, Webhook, WebhookDelivery
from hashing.lists.models.wire import ServedRecord, WireRecord

__all__ = [
    "Agreement",
    "DeliveryState",
    "Entitlement",
    "Entry",
    "EntryFingerprint",
    "Feedback",
    "GuardCheck",
    "Harmless",
    "List",
    "LookupDay",
    "MatchDay",
    "OffBoarding",
    "Partner",
    "PartnerKey",
    "PartnerPosition",
    "Publication",
    "Quarantine",
    "ServedRecord",
    "Snapshot",
    "Statement",
    "Submission",
    "SubmissionFingerprint",
    "Webhook",
    "WebhookDelivery",
    "WireRecord",
]
