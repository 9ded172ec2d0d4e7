"""What a case, a location and a picture's review can be in, and which steps lead from one to the next.

The tables are the only place where a step is allowed; the services ask `check` before they change a state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.errors import Conflict


class CaseState(models.TextChoices):
    NEW = "new", gettext_lazy("New")
    VERIFIED = "verified", gettext_lazy("Contact confirmed")
    TRIAGE = "triage", gettext_lazy("Being sorted")
    ACTIVE = "active", gettext_lazy("In work")
    WAITING = "waiting", gettext_lazy("Waiting")
    RESOLVED = "resolved", gettext_lazy("Resolved")
    CLOSED = "closed", gettext_lazy("Closed")
    REOPENED = "reopened", gettext_lazy("Reopened")
    REDIRECTED = "redirected", gettext_lazy("Referred elsewhere")
    DECLINED = "declined", gettext_lazy("Declined")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn and deleted")


class WaitingFor(models.TextChoices):
    NOBODY = "", gettext_lazy("Nobody")
    PERSON = "person", gettext_lazy("The person")
    PLATFORM = "platform", gettext_lazy("A platform")
    COURT = "court", gettext_lazy("A court")


class LocationState(models.TextChoices):
    FOUND = "found", gettext_lazy("Reported to us")
    EVIDENCED = "evidenced", gettext_lazy("Checked")
    INFORMAL_REQUEST = "informal_request", gettext_lazy("Asked to remove it")
    NOTICE_DRAFTED = "notice_drafted", gettext_lazy("Notice being written")
    NOTICE_APPROVED = "notice_approved", gettext_lazy("Notice approved")
    SENT = "sent", gettext_lazy("Notice sent")
    ACKNOWLEDGED = "acknowledged", gettext_lazy("Notice received")
    REMOVED = "removed", gettext_lazy("Removed")
    PARTLY = "partly", gettext_lazy("Partly removed")
    REFUSED = "refused", gettext_lazy("Refused")
    UNREACHABLE = "unreachable", gettext_lazy("Could not be reached")
    ESCALATED = "escalated", gettext_lazy("Passed on")


class NoticeState(models.TextChoices):
    DRAFTED = "drafted", gettext_lazy("Being written")
    APPROVED = "approved", gettext_lazy("Approved, not sent yet")
    SENT = "sent", gettext_lazy("Sent")
    TAKEN_BACK = "taken_back", gettext_lazy("Taken back before it was sent")


class Decision(models.TextChoices):
    """A picture's review: decided means LISTED or NOT_LISTED, and only then is the picture shredded."""

    UNDECIDED = "undecided", gettext_lazy("Not yet reviewed")
    PROPOSED = "proposed", gettext_lazy("Waiting for a second person")
    LISTED = "listed", gettext_lazy("Listed")
    NOT_LISTED = "not_listed", gettext_lazy("Not listed")


CLOSED_STATES = frozenset({CaseState.CLOSED, CaseState.REDIRECTED, CaseState.DECLINED, CaseState.WITHDRAWN})
_END = {CaseState.REDIRECTED, CaseState.DECLINED, CaseState.WITHDRAWN}
_WORK = {CaseState.ACTIVE, CaseState.WAITING, CaseState.RESOLVED}

CASE: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.NEW: frozenset({CaseState.VERIFIED, CaseState.TRIAGE, CaseState.ACTIVE} | _END),
    CaseState.VERIFIED: frozenset({CaseState.TRIAGE, CaseState.ACTIVE} | _END),
    CaseState.TRIAGE: frozenset({CaseState.ACTIVE} | _END),
    CaseState.ACTIVE: frozenset({CaseState.WAITING, CaseState.RESOLVED} | _END),
    CaseState.WAITING: frozenset({CaseState.ACTIVE, CaseState.RESOLVED} | _END),
    CaseState.RESOLVED: frozenset({CaseState.ACTIVE, CaseState.CLOSED, CaseState.WITHDRAWN}),
    CaseState.CLOSED: frozenset({CaseState.REOPENED, CaseState.WITHDRAWN}),
    CaseState.REOPENED: frozenset(_WORK | _END),
    CaseState.REDIRECTED: frozenset({CaseState.REOPENED, CaseState.WITHDRAWN}),
    CaseState.DECLINED: frozenset({CaseState.REOPENED, CaseState.WITHDRAWN}),
    CaseState.WITHDRAWN: frozenset(),
}

_ANSWERED = {
    LocationState.REMOVED,
    LocationState.PARTLY,
    LocationState.REFUSED,
    LocationState.UNREACHABLE,
}
LOCATION: Mapping[LocationState, frozenset[LocationState]] = {
    LocationState.FOUND: frozenset(
        {LocationState.EVIDENCED, LocationState.UNREACHABLE, LocationState.REMOVED}
    ),
    LocationState.EVIDENCED: frozenset(
        {LocationState.INFORMAL_REQUEST, LocationState.NOTICE_DRAFTED, LocationState.REMOVED}
    ),
    LocationState.INFORMAL_REQUEST: frozenset({LocationState.NOTICE_DRAFTED} | _ANSWERED),
    LocationState.NOTICE_DRAFTED: frozenset({LocationState.NOTICE_APPROVED, LocationState.EVIDENCED}),
    LocationState.NOTICE_APPROVED: frozenset({LocationState.SENT, LocationState.NOTICE_DRAFTED}),
    LocationState.SENT: frozenset({LocationState.ACKNOWLEDGED} | _ANSWERED),
    LocationState.ACKNOWLEDGED: frozenset(_ANSWERED),
    # Re-check: what was removed can be up again.
    LocationState.REMOVED: frozenset({LocationState.FOUND}),
    LocationState.PARTLY: frozenset({LocationState.REMOVED, LocationState.ESCALATED, LocationState.FOUND}),
    LocationState.REFUSED: frozenset({LocationState.ESCALATED, LocationState.REMOVED}),
    LocationState.UNREACHABLE: frozenset(
        {LocationState.ESCALATED, LocationState.EVIDENCED, LocationState.REMOVED}
    ),
    LocationState.ESCALATED: frozenset(_ANSWERED),
}

DECISION: Mapping[Decision, frozenset[Decision]] = {
    Decision.UNDECIDED: frozenset({Decision.PROPOSED, Decision.NOT_LISTED}),
    # A rejected proposal goes back to the caseworker; withdrawing consent ends it.
    Decision.PROPOSED: frozenset({Decision.LISTED, Decision.UNDECIDED, Decision.NOT_LISTED}),
    Decision.LISTED: frozenset({Decision.NOT_LISTED}),
    # Only where the person undoes their deletion in time: then it is reviewed anew.
    Decision.NOT_LISTED: frozenset({Decision.UNDECIDED}),
}

NOTICE: Mapping[NoticeState, frozenset[NoticeState]] = {
    # One that needs no second person is sent as it stands; a change makes an approved one a draft again.
    NoticeState.DRAFTED: frozenset({NoticeState.APPROVED, NoticeState.SENT, NoticeState.TAKEN_BACK}),
    NoticeState.APPROVED: frozenset({NoticeState.DRAFTED, NoticeState.SENT, NoticeState.TAKEN_BACK}),
    NoticeState.SENT: frozenset(),
    NoticeState.TAKEN_BACK: frozenset(),
}

S = TypeVar("S", CaseState, LocationState, Decision, NoticeState)


def check(table: Mapping[S, frozenset[S]], *, now: S, to: S) -> None:
    """Raise Conflict (code wrong_state) when the table has no step from `now` to `to`."""
    if to not in table[now]:
        raise Conflict(
            _("This has moved on since the page was opened. Reload it and look again."), code="wrong_state"
        )
