"""Everything that changes lists, entries, partners and keys."""

from __future__ import annotations

from hashing.lists.bases import Basis, IssuedKey
from hashing.lists.services.agreements import Document, agree, certify_deletion, off_board
from hashing.lists.services.deciding import approve, reject
from hashing.lists.services.delivering import deliver, requeue_deliveries
from hashing.lists.services.expiring import expire_submissions, expire_tombstones, forget_deliveries
from hashing.lists.services.feedback import give_feedback
from hashing.lists.services.harmless import add_harmless, remove_harmless
from hashing.lists.services.judging import decide_outcome, propose_outcome
from hashing.lists.services.keys import issue_key, revoke_key
from hashing.lists.services.partners import (
    add_partner,
    change_list,
    create_list,
    entitle,
    withdraw_entitlement,
)
from hashing.lists.services.proposing import propose, propose_submission
from hashing.lists.services.publishing import publish_pending
from hashing.lists.services.restarting import restart_list
from hashing.lists.services.rotating import end_key, own_keys, rotate_key
from hashing.lists.services.silence import tell_of_silence
from hashing.lists.services.snapshots import build_snapshot, refresh_snapshots
from hashing.lists.services.stating import Broken, state_days, verify_kept, verify_statements
from hashing.lists.services.submitting import (
    link_submission,
    refuse_submission,
    require_room,
    submit,
)
from hashing.lists.services.waiting import release_waited
from hashing.lists.services.watching import watch_matches
from hashing.lists.services.webhooks import add_webhook, confirm_webhook, end_webhook
from hashing.lists.services.withdrawing import quarantine, withdraw, withdraw_picture
from hashing.lists.services.withholding import allow_regional, withhold_regional

__all__ = [
    "Basis",
    "Broken",
    "Document",
    "IssuedKey",
    "add_harmless",
    "add_partner",
    "add_webhook",
    "agree",
    "allow_regional",
    "approve",
    "build_snapshot",
    "certify_deletion",
    "change_list",
    "confirm_webhook",
    "create_list",
    "decide_outcome",
    "deliver",
    "end_key",
    "end_webhook",
    "entitle",
    "expire_submissions",
    "expire_tombstones",
    "forget_deliveries",
    "give_feedback",
    "issue_key",
    "link_submission",
    "off_board",
    "own_keys",
    "propose",
    "propose_outcome",
    "propose_submission",
    "publish_pending",
    "quarantine",
    "refresh_snapshots",
    "refuse_submission",
    "reject",
    "release_waited",
    "remove_harmless",
    "requeue_deliveries",
    "require_room",
    "restart_list",
    "revoke_key",
    "rotate_key",
    "state_days",
    "submit",
    "tell_of_silence",
    "verify_kept",
    "verify_statements",
    "watch_matches",
    "withdraw",
    "withdraw_entitlement",
    "withdraw_picture",
    "withhold_regional",
]
