"""Every verb of the log with the payload it may carry: key by key, and of which type.

A key may be left out when there is nothing to say; a key that isn't here is refused. The types are int, bool,
UUID, date, str (a short identifier, never free text) and Commitment. Verbs are never renamed or removed: old
entries carry them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Self
from uuid import UUID

from portal.audit.commitments import Commitment
from portal.audit.values import Value

Payload = Mapping[str, type[Value]]


class Verb(StrEnum):
    """What was done. The text is what the log holds; `payload` says what may stand beside it."""

    payload: Payload

    def __new__(cls, text: str, payload: Payload | None = None) -> Self:
        verb = str.__new__(cls, text)
        verb._value_ = text
        verb.payload = MappingProxyType(dict(payload or {}))
        return verb

    # Staff
    STAFF_INVITED = "staff.invited", {"role": str, "teams": int}
    STAFF_ENROLLED = "staff.enrolled"
    STAFF_JOINED = "staff.joined", {"role": str}
    STAFF_LOGGED_IN = "staff.logged_in", {"method": str}
    STAFF_LOGIN_FAILED = "staff.login_failed", {"reason": str, "attempts": int}
    STAFF_LOGGED_OUT = "staff.logged_out"
    STAFF_STEPPED_UP = "staff.stepped_up", {"method": str}
    STAFF_ROLE_CHANGED = "staff.role_changed", {"before": str, "after": str, "teams": int}
    STAFF_DEACTIVATED = "staff.deactivated", {"reason": str}
    STAFF_CODES_MADE = "staff.codes_made", {"codes": int}
    STAFF_PASSKEY_ADDED = "staff.passkey_added"
    STAFF_PASSKEY_REMOVED = "staff.passkey_removed"
    STAFF_SESSIONS_ENDED = "staff.sessions_ended", {"sessions": int}

    # The agency
    AGENCY_CHANGED = "agency.changed", {"field": str}
    AGENCY_WORDING_APPROVED = "agency.wording_approved", {"language": str, "strings": int}

    # Cases
    CASE_OPENED = "case.opened", {"team": UUID, "age_route": str, "pictures": int, "locations": int}
    CASE_READ = "case.read", {"part": str}
    CASE_CONTACT_READ = "case.contact_read", {"reason": Commitment}
    CASE_MOVED = "case.moved", {"before": str, "after": str, "reason": str}
    CASE_CODE_ENDED = "case.code_ended"
    CASE_DELETION_DUE = "case.deletion_due", {"due": date, "pictures": int, "entries": int}
    CASE_DELETION_UNDONE = "case.deletion_undone", {"pictures": int, "consents": int}
    CASE_REMOVED = "case.removed"
    CASE_REGAIN_ASKED = "case.regain_asked", {"regain": UUID}
    CASE_REGAIN_DECIDED = "case.regain_decided", {"regain": UUID, "outcome": str}
    CASE_REGAIN_ALLOWED = "case.regain_allowed", {"allowed": bool}
    CASE_MESSAGE_WRITTEN = "case.message_written", {"message": UUID}
    CASE_MESSAGES_SETTLED = "case.messages_settled", {"messages": int}
    CASE_MESSAGES_READ = "case.messages_read", {"messages": int}
    CASE_CONTACT_CHANGED = "case.contact_changed", {"kind": str, "before": str}
    CASE_LANGUAGE_CHANGED = "case.language_changed", {"language": str}
    CASE_FILES_ADDED = "case.files_added", {"pictures": int}
    CASE_STOPS_TOLD = "case.stops_told", {"stopped": int}
    CASE_PROOF_FINAL = "case.proof_final", {"entries": int, "size": int, "partners": int, "past": int}
    CASE_ASSIGNED = "case.assigned", {"staff": UUID, "team": UUID}
    CASE_PULLED = "case.pulled", {"priority": int}
    CASE_PUT_BACK = "case.put_back"
    CASE_PRIORITISED = "case.prioritised", {"before": int, "priority": int}
    CASE_ASSESSED = "case.assessed", {"assessment": UUID, "outcome": str, "basis": str, "proof": str}
    CASE_REFUSAL_DISPUTED = "case.refusal_disputed", {"assessment": UUID}
    CASE_REFUSAL_REVIEWED = "case.refusal_reviewed", {"assessment": UUID, "outcome": str}
    CASE_LINKED = "case.linked", {"link": UUID, "other": UUID, "kinds": str}
    CASE_KEPT_APART = "case.kept_apart", {"link": UUID, "other": UUID, "kinds": str}
    CASE_LINK_UNDONE = "case.link_undone", {"link": UUID, "other": UUID}
    CASE_HANDLE_ADDED = "case.handle_added", {"handle": UUID, "platform": str}
    CASE_HANDLE_REMOVED = "case.handle_removed", {"handle": UUID}
    CASE_TAGGED = "case.tagged", {"tags": int}
    CASES_CHANGED = "cases.changed", {"action": str, "cases": int}
    VIEW_KEPT = "view.kept", {"shared": bool}
    VIEW_DROPPED = "view.dropped"
    CASE_FOLLOWED = "case.followed", {"part": str}
    CASE_CERTIFIED = "case.certified", {"entries": int, "size": int}
    CASE_WITHDRAWN = (
        "case.withdrawn",
        {"scope": str, "picture": UUID, "pictures": int, "entries": int, "locations": int, "messages": int},
    )
    CASE_CHILD_SUSPECTED = "case.child_suspected", {"picture": UUID, "by": str}
    CASE_CHILD_REPORTED = "case.child_reported"
    CASE_CONTACT_VERIFIED = "case.contact_verified", {"kind": str}
    CASE_CONSENTED = "case.consented", {"recipient": str, "kind": str, "wording": str, "consent": UUID}
    CASE_CONSENT_WITHDRAWN = "case.consent_withdrawn", {"recipient": str, "kind": str, "consent": UUID}

    # Where it is posted
    LOCATION_ADDED = "location.added", {"case": UUID, "platform": str}
    LOCATION_MOVED = "location.moved", {"case": UUID, "before": str, "after": str, "detail": str}
    LOCATION_CHECKED = "location.checked", {"case": UUID, "up": bool}

    # Removal notices; `text` commits to all that is approved or was sent
    NOTICE_DRAFTED = "notice.drafted", {"case": UUID, "regime": str, "locations": int, "text": Commitment}
    NOTICE_APPROVED = "notice.approved", {"case": UUID, "text": Commitment}
    NOTICE_SENT = "notice.sent", {"case": UUID, "regime": str, "mailed": bool, "text": Commitment}
    NOTICE_TAKEN_BACK = "notice.taken_back", {"case": UUID}
    NOTICE_READ = "notice.read", {"case": UUID, "form": str}
    NOTICE_CHECKED = "notice.checked"

    # Legal holds
    HOLD_PROPOSED = "hold.proposed", {"case": UUID, "ends": date, "hidden": bool}
    HOLD_PLACED = "hold.placed", {"case": UUID, "ends": date, "hidden": bool}
    HOLD_ENDED = "hold.ended", {"case": UUID, "why": str}

    # Disposal by two people
    DISPOSAL_PROPOSED = "disposal.proposed", {"team": UUID, "cases": int}
    DISPOSAL_APPROVED = "disposal.approved", {"team": UUID, "cases": int}
    DISPOSAL_TURNED_DOWN = "disposal.turned_down", {"team": UUID}

    # One-time codes and messages
    CODE_SENT = "code.sent", {"channel": str, "challenge": UUID}
    CODE_CONFIRMED = "code.confirmed", {"challenge": UUID, "attempts": int}
    CODE_REFUSED = "code.refused", {"challenge": UUID, "reason": str, "attempts": int}
    MESSAGE_SENT = "message.sent", {"channel": str, "template": str, "attempts": int, "outcome": str}

    # Pictures and their fingerprints
    PICTURE_STORED = "picture.stored", {"mebibytes": int, "media_type": str, "epoch": date}
    PICTURE_REGISTERED = "picture.registered", {"megapixels": int}
    PICTURE_CHECKED = "picture.checked", {"megapixels": int}
    PICTURE_REFUSED = "picture.refused", {"reason": str}
    PICTURE_PREVIEWED = "picture.previewed"
    PICTURE_LOCKED = "picture.locked"
    PICTURE_HELD = "picture.held"
    PICTURE_RELEASED = "picture.released"
    PICTURE_REVEAL_REQUESTED = "picture.reveal_requested", {"reveal": UUID, "reason": Commitment}
    PICTURE_REVEALED = "picture.revealed", {"reveal": UUID, "seconds": int}
    PICTURE_DECIDED = "picture.decided", {"case": UUID, "decision": str, "before": str}
    PICTURE_REASONS_SHREDDED = "picture.reasons_shredded", {"reveals": int}
    PICTURE_SHRED_SCHEDULED = "picture.shred_scheduled", {"due": date}
    PICTURE_SHREDDED = "picture.shredded", {"reason": str, "epoch": date}
    PICTURE_GUARDED = "picture.guarded", {"outcome": str, "hits": int, "dropped": int, "variants": int}
    MATCH_FOUND = "match.found", {"found": int, "copies": int}
    SEARCH_ASKED = "search.asked"
    SEARCH_ANSWERED = "search.answered", {"found": int, "copies": int}
    SEARCH_FAILED = "search.failed", {"reason": str}
    SEARCH_READ = "search.read", {"found": int}
    PICTURE_TRIMMED = "picture.trimmed", {"choice": str}
    FINGERPRINT_COMPUTED = "fingerprint.computed", {"count": int, "kinds": int, "algorithm": str}
    FINGERPRINT_ENROLLED = (
        "fingerprint.enrolled",
        {"version": int, "regions": int, "strength": int, "variants": int, "trim": str},
    )
    FINGERPRINT_FAILED = "fingerprint.failed", {"attempts": int}
    FINGERPRINT_FORGOTTEN = "fingerprint.forgotten", {"count": int, "regional": int}
    FINGERPRINT_UPGRADED = "fingerprint.upgraded", {"version": int, "regions": int, "dropped": int}
    FINGERPRINT_RETRIED = "fingerprint.retried"

    # Lists and partners
    ENTRY_PROPOSED = "entry.proposed", {"picture": UUID, "list": str, "basis": str, "fingerprints": int}
    ENTRY_APPROVED = "entry.approved", {"picture": UUID, "list": str}
    ENTRY_REJECTED = "entry.rejected", {"picture": UUID, "list": str, "reason": str}
    ENTRY_LISTED = "entry.listed", {"list": str, "epoch": str, "position": int}
    ENTRY_WITHDRAWN = "entry.withdrawn", {"picture": UUID, "list": str, "reason": str}
    ENTRY_CODES_ALLOWED = "entry.codes_allowed", {"picture": UUID, "list": str}
    ENTRY_CODES_WITHHELD = "entry.codes_withheld", {"picture": UUID, "list": str}
    ENTRY_QUARANTINED = "entry.quarantined", {"picture": UUID, "list": str, "reason": str}
    ENTRY_RELEASED = "entry.released", {"picture": UUID, "list": str}
    ENTRY_JUDGED = "entry.judged", {"picture": UUID, "list": str, "quarantine": UUID, "proposal": str}
    FEEDBACK_GIVEN = "feedback.given", {"list": str, "wire": str, "value": str, "reason": str, "total": int}
    HARMLESS_ADDED = "harmless.added", {"entries": int}
    HARMLESS_REMOVED = "harmless.removed"
    LIST_CREATED = "list.created", {"list": str, "rule": str}
    LIST_CHANGED = "list.changed", {"list": str, "field": str}
    LIST_STATED = "list.stated", {"list": str, "day": date, "publications": int, "active": int}
    LIST_RESTARTED = "list.restarted", {"list": str, "epoch": str}
    LIST_EXPIRED = "list.expired", {"records": int}
    LIST_PULLED = "list.pulled", {"wire": str, "after": int, "position": int, "entries": int}
    WEBHOOK_ADDED = "webhook.added", {"partner": UUID}
    WEBHOOK_CONFIRMED = "webhook.confirmed", {"partner": UUID}
    WEBHOOK_ENDED = "webhook.ended", {"partner": UUID, "reason": str}
    WEBHOOK_CALLED = "webhook.called", {"attempts": int, "outcome": str, "state": str}
    LIST_ASKED = "list.asked", {"fingerprints": int, "copy": int, "look": int, "none": int}
    LIST_SNAPSHOT_BUILT = "list.snapshot_built", {"epoch": str, "position": int, "entries": int}
    LIST_SNAPSHOT_REMOVED = "list.snapshot_removed", {"epoch": str, "position": int}
    LIST_PUBLISHED = "list.published", {"epoch": str, "position": int, "publications": int, "withdrawn": int}
    PARTNER_ADDED = "partner.added", {"lists": int}
    PARTNER_ENTITLED = (
        "partner.entitled",
        {"list": str, "asked_for": bool, "regional": bool, "looks": bool},
    )
    PARTNER_AGREED = "partner.agreed", {"agreement": UUID, "signed_on": date}
    PARTNER_OFF_BOARDED = "partner.off_boarded", {"keys": int, "mailed": bool}
    PARTNER_CERTIFIED = "partner.certified", {"off_boarding": UUID}
    PARTNER_SILENT = "partner.silent", {"days": int}
    PARTNER_DISENTITLED = "partner.disentitled", {"list": str, "keys": int}
    PARTNER_KEY_ISSUED = "partner.key_issued", {"key": UUID, "wire": str, "list": str}
    PARTNER_KEY_REVOKED = "partner.key_revoked", {"key": UUID, "reason": str}
    PARTNER_KEY_ROTATED = "partner.key_rotated", {"key": UUID}
    PARTNER_MASK_GIVEN = "partner.mask_given", {"list": str}
    PARTNER_REFUSED = "partner.refused", {"wire": str, "reason": str}
    SUBMISSION_RECEIVED = "submission.received", {"wire": str, "fingerprints": int, "linked": bool}
    SUBMISSION_LINKED = "submission.linked", {"picture": UUID}
    SUBMISSION_REFUSED = "submission.refused", {"reason": str}

    # The log itself
    AUDIT_READ = "audit.read", {"part": str}
    AUDIT_EXPORT_ASKED = "audit.export_asked", {"since": int, "reason": Commitment}
    AUDIT_EXPORTED = "audit.exported", {"since": int, "size": int}
    AUDIT_EXPORT_TAKEN = "audit.export_taken"
    AUDIT_EXPORT_ENDED = "audit.export_ended", {"outcome": str}
    AUDIT_RESTORED = "audit.restored", {"size": int, "before": int}
    CHECKPOINT_PUBLISHED = "checkpoint.published"
    CHECKPOINT_MAILED = "checkpoint.mailed", {"recipients": int}
    CHECKPOINT_COSIGNED = "checkpoint.cosigned", {"witness": UUID}
    WITNESS_ADDED = "witness.added"
    WITNESS_ENDED = "witness.ended"

    # Keys
    KEY_ADDED = "key.added", {"version": int}
    KEY_ERASED = "key.erased", {"epoch": date}
    KEY_REENCRYPTED = "key.reencrypted", {"rows": int}
