"""The desk's words for states, next steps and what happened, each with its colour where it has one."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.models import Capture, Case, Location, PassedTo, Priority, Refusal, TriageReason
from cases.states import CLOSED_STATES, CaseState, Decision, LocationState, NoticeState, WaitingFor
from hashing.lists.states import State as EntryState
from portal.ui.templatetags.ui import Tone

CASE_TONE: dict[str, Tone] = {
    CaseState.NEW: "blue",
    CaseState.VERIFIED: "blue",
    CaseState.TRIAGE: "purple",
    CaseState.ACTIVE: "teal",
    CaseState.WAITING: "yellow",
    CaseState.RESOLVED: "green",
    CaseState.REOPENED: "purple",
}
DECISION_TONE: dict[str, Tone] = {
    Decision.UNDECIDED: "blue",
    Decision.PROPOSED: "yellow",
    Decision.LISTED: "green",
    Decision.NOT_LISTED: "grey",
}
PRIORITY_TONE: dict[int, Tone] = {Priority.NOW: "red", Priority.TODAY: "orange", Priority.USUAL: "grey"}
LOCATION_TONE: dict[str, Tone] = {
    LocationState.FOUND: "blue",
    LocationState.EVIDENCED: "blue",
    LocationState.INFORMAL_REQUEST: "yellow",
    LocationState.NOTICE_DRAFTED: "purple",
    LocationState.NOTICE_APPROVED: "teal",
    LocationState.SENT: "yellow",
    LocationState.ACKNOWLEDGED: "yellow",
    LocationState.REMOVED: "green",
    LocationState.PARTLY: "orange",
    LocationState.REFUSED: "red",
    LocationState.UNREACHABLE: "red",
    LocationState.ESCALATED: "purple",
}
NOTICE_TONE: dict[str, Tone] = {
    NoticeState.DRAFTED: "purple",
    NoticeState.APPROVED: "teal",
    NoticeState.SENT: "green",
    NoticeState.TAKEN_BACK: "grey",
}
ENTRY_TONE: dict[str, Tone] = {
    EntryState.PROPOSED: "yellow",
    EntryState.APPROVED: "teal",
    EntryState.LISTED: "green",
    EntryState.QUARANTINED: "orange",
    EntryState.WITHDRAWN: "grey",
    EntryState.REJECTED: "grey",
}

_BY_STATE = {
    CaseState.NEW: gettext_lazy("Start work"),
    CaseState.VERIFIED: gettext_lazy("Start work"),
    CaseState.TRIAGE: gettext_lazy("Start work"),
    CaseState.RESOLVED: gettext_lazy("Close it when the person has heard"),
    CaseState.REOPENED: gettext_lazy("Start work"),
}

# What the person would see in the log of their case, in the desk's words.
VERBS = {
    "case.opened": gettext_lazy("Case opened"),
    "case.read": gettext_lazy("Report read"),
    "case.contact_read": gettext_lazy("Contact read"),
    "case.moved": gettext_lazy("State changed"),
    "case.assigned": gettext_lazy("Case assigned"),
    "case.pulled": gettext_lazy("Handed out by the queue"),
    "case.put_back": gettext_lazy("Put back into the queue"),
    "case.prioritised": gettext_lazy("Priority changed by hand"),
    "case.assessed": gettext_lazy("Assessed"),
    "case.refusal_disputed": gettext_lazy("The person does not agree with the refusal"),
    "case.refusal_reviewed": gettext_lazy("Refusal looked at by somebody else"),
    "case.linked": gettext_lazy("Linked to another case"),
    "case.kept_apart": gettext_lazy("Has nothing to do with another case"),
    "case.link_undone": gettext_lazy("Decision on another case undone"),
    "case.handle_added": gettext_lazy("Account noted"),
    "case.handle_removed": gettext_lazy("Account removed"),
    "case.tagged": gettext_lazy("Tags changed"),
    "case.followed": gettext_lazy("The person looked at their case"),
    "case.deletion_due": gettext_lazy("The person deletes everything in seven days"),
    "case.deletion_undone": gettext_lazy("The person undid the deletion"),
    "case.regain_asked": gettext_lazy("Somebody asked for a new code"),
    "case.regain_decided": gettext_lazy("Decided on a new code"),
    "case.message_written": gettext_lazy("Message written"),
    "case.messages_read": gettext_lazy("Messages read"),
    "case.messages_settled": gettext_lazy("Messages need no answer"),
    "case.contact_changed": gettext_lazy("The person changed how to reach them"),
    "case.language_changed": gettext_lazy("The person changed their language"),
    "case.regain_allowed": gettext_lazy("The person chose about lost codes"),
    "case.files_added": gettext_lazy("The person added files"),
    "case.stops_told": gettext_lazy("Partners stopped uploads"),
    "case.withdrawn": gettext_lazy("Withdrawn"),
    "case.child_suspected": gettext_lazy("Child suspected: everything locked"),
    "case.contact_verified": gettext_lazy("Contact confirmed"),
    "case.consented": gettext_lazy("Consent given"),
    "case.consent_withdrawn": gettext_lazy("Consent withdrawn"),
    "location.added": gettext_lazy("Address added"),
    "location.moved": gettext_lazy("State of an address changed"),
    "location.checked": gettext_lazy("Looked whether it is still there"),
    "notice.drafted": gettext_lazy("Notice written"),
    "notice.approved": gettext_lazy("Notice approved"),
    "notice.sent": gettext_lazy("Notice sent"),
    "notice.taken_back": gettext_lazy("Notice taken back"),
    "notice.read": gettext_lazy("Notice read"),
    "notice.checked": gettext_lazy("The recipient checked that the notice is genuine"),
    "hold.proposed": gettext_lazy("Legal hold proposed"),
    "hold.placed": gettext_lazy("Legal hold in force"),
    "hold.ended": gettext_lazy("Legal hold ended"),
    "picture.held": gettext_lazy("File kept by a hold"),
    "picture.released": gettext_lazy("File no longer kept by a hold"),
    "case.child_reported": gettext_lazy("Reported to the authority for children"),
    "message.sent": gettext_lazy("Message sent"),
    "picture.stored": gettext_lazy("Picture received"),
    "picture.checked": gettext_lazy("Picture checked"),
    "picture.refused": gettext_lazy("Picture can't be used"),
    "picture.previewed": gettext_lazy("Grey preview looked at"),
    "picture.reveal_requested": gettext_lazy("Asked to see the picture"),
    "picture.revealed": gettext_lazy("Picture shown for 60 seconds"),
    "picture.decided": gettext_lazy("Decision on the picture"),
    "picture.shredded": gettext_lazy("Picture destroyed"),
    "picture.trimmed": gettext_lazy("Said which part is the picture"),
    "fingerprint.computed": gettext_lazy("First fingerprints made"),
    "fingerprint.enrolled": gettext_lazy("Fingerprinted in full"),
    "fingerprint.failed": gettext_lazy("Could not be fingerprinted in full"),
    "fingerprint.forgotten": gettext_lazy("Fingerprints deleted"),
    "fingerprint.retried": gettext_lazy("Fingerprinting tried again"),
    "entry.proposed": gettext_lazy("Proposed for a list"),
    "entry.approved": gettext_lazy("Approved for a list"),
    "entry.rejected": gettext_lazy("Not approved for a list"),
    "entry.listed": gettext_lazy("Put on a list"),
    "fingerprint.upgraded": gettext_lazy("Fingerprinted anew by a newer method"),
    "entry.codes_allowed": gettext_lazy("Detailed fingerprints allowed"),
    "entry.codes_withheld": gettext_lazy("Detailed fingerprints taken back"),
    "entry.withdrawn": gettext_lazy("Taken off a list"),
    "entry.quarantined": gettext_lazy("Put into quarantine"),
    "entry.judged": gettext_lazy("Outcome of the quarantine proposed"),
    "entry.released": gettext_lazy("Put back on its list"),
    "feedback.given": gettext_lazy("A partner reported what it did"),
    "case.certified": gettext_lazy("Proof of deletion made"),
    "case.proof_final": gettext_lazy("Final proof of deletion ready"),
    "case.code_ended": gettext_lazy("The person's code opens nothing any more"),
    "case.removed": gettext_lazy("Case removed"),
    "picture.registered": gettext_lazy("Fingerprints received from the person's device"),
    "picture.guarded": gettext_lazy("Compared with harmless pictures"),
    "picture.locked": gettext_lazy("Picture locked"),
    "picture.shred_scheduled": gettext_lazy("Day set on which the picture is destroyed"),
    "picture.reasons_shredded": gettext_lazy("Reasons for looking at the picture deleted"),
    "submission.linked": gettext_lazy("Linked to what a partner submitted"),
}


def of_entry(verb: str, payload: Mapping[str, object]) -> str:
    """An entry of the log in words; a location's says what it became, or what was seen."""
    if verb == "location.moved":
        return str(LocationState(str(payload["after"])).label)
    if verb == "location.checked":
        return _("Looked: it is there") if payload["up"] else _("Looked: it is gone")
    return str(VERBS.get(verb, verb))


def why_urgent(case: Case) -> list[str]:
    """The reasons for a case's priority, in words."""
    return [str(TriageReason(code).label) for code in case.triage_reasons]


def detail(row: Location) -> str:
    """What a location's state says more; "" where there is nothing to say."""
    for choices in (Capture, Refusal, PassedTo):
        if row.detail in choices.values:
            return str(choices(row.detail).label)
    return ""


def next_action(case: Case, *, undecided: int, proposed: int) -> str:
    """The one thing that moves this case on, derived from what is recorded."""
    state = CaseState(case.state)
    if state in CLOSED_STATES:
        return _("Nothing to do")
    if case.child_suspected_at is not None:
        return _("Follow the steps for children")
    if case.assignee_id is None:
        return _("Assign it to somebody")
    return _about_pictures(undecided, proposed) or _about_state(state, case.waiting_for)


def _about_pictures(undecided: int, proposed: int) -> str:
    if undecided:
        return ngettext("Review %(n)d picture", "Review %(n)d pictures", undecided) % {"n": undecided}
    if proposed:
        words = ngettext("Second person: %(n)d proposal", "Second person: %(n)d proposals", proposed)
        return words % {"n": proposed}
    return ""


def _about_state(state: CaseState, waiting_for: str) -> str:
    if state is CaseState.WAITING:
        return _("Waiting for: %(whom)s") % {"whom": WaitingFor(waiting_for).label}
    return str(_BY_STATE.get(state, _("Check the addresses and close when done")))
