"""How far a case is, in plain words for the person it belongs to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases import locations
from cases.follow import fingerprinted, steps
from cases.models import Case, CasePicture, ConsentKind, Recipient
from cases.services import consents, self_reporting
from cases.services import openings as services_openings
from cases.states import CaseState, Decision, LocationState
from hashing.lists import selectors as lists
from hashing.lists.models import Entry
from hashing.lists.states import State
from portal.accounts.roles import Role
from portal.audit import Verb
from portal.vault.models import PictureState

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

CASE_WORDS: dict[CaseState, _StrPromise] = {
    CaseState.NEW: _("We have your request. It waits for a caseworker."),
    CaseState.VERIFIED: _("We have your request and your contact is confirmed. It waits for a caseworker."),
    CaseState.TRIAGE: _("Your request is being sorted."),
    CaseState.ACTIVE: _("A caseworker is working on it."),
    CaseState.WAITING: _("A caseworker is waiting for an answer."),
    CaseState.RESOLVED: _("The work is done. It will be closed soon."),
    CaseState.CLOSED: _("Your request is closed."),
    CaseState.REOPENED: _("Your request was opened again."),
    CaseState.REDIRECTED: _("Another service takes care of it."),
    CaseState.DECLINED: _("We could not act on it. The decision was written to you if you gave a contact."),
    CaseState.WITHDRAWN: _("You took it back. Everything that you sent was deleted."),
}
LOCATION_WORDS: dict[LocationState, _StrPromise] = {
    LocationState.FOUND: _("Not looked at yet"),
    LocationState.EVIDENCED: _("Looked at"),
    LocationState.INFORMAL_REQUEST: _("The service was asked to remove it"),
    LocationState.NOTICE_DRAFTED: _("A letter to the service is being written"),
    LocationState.NOTICE_APPROVED: _("A letter to the service is about to be sent"),
    LocationState.SENT: _("A letter was sent to the service"),
    LocationState.ACKNOWLEDGED: _("The service has our letter"),
    LocationState.REMOVED: _("Removed when we last looked"),
    LocationState.PARTLY: _("Partly removed"),
    LocationState.REFUSED: _("The service refused"),
    LocationState.UNREACHABLE: _("The service could not be reached"),
    LocationState.ESCALATED: _("Passed on to others who can act"),
}
DECISION_WORDS: dict[Decision, _StrPromise] = {
    Decision.UNDECIDED: _("Not reviewed yet"),
    Decision.PROPOSED: _("Reviewed; a second person has to agree"),
    Decision.LISTED: _("Agreed; the fingerprint is about to be shared with partner platforms"),
    Decision.NOT_LISTED: _("The fingerprint is not shared"),
}
NOT_SHARED = DECISION_WORDS[Decision.NOT_LISTED]
SHARING_WORDS: dict[State, _StrPromise] = {
    State.LISTED: _("The fingerprint is shared with partner platforms"),
    State.QUARANTINED: _("Sharing is paused while we look into it"),
}


ROLE_WORDS: dict[str, _StrPromise] = {
    Role.CASEWORKER: _("A caseworker"),
    Role.SUPERVISOR: _("A supervisor"),
}
OPENING_WORDS: dict[Verb, _StrPromise] = {
    Verb.CASE_READ: _("read what you wrote"),
    Verb.CASE_CONTACT_READ: _("looked up how to reach you"),
    Verb.CASE_MESSAGES_READ: _("read your messages"),
    Verb.PICTURE_PREVIEWED: _("saw a blurred, grey version of file %(number)s"),
    Verb.PICTURE_REVEALED: _("saw file %(number)s"),
}


@dataclass(frozen=True)
class OpeningLine:
    at: datetime
    who: str
    what: str


@dataclass(frozen=True)
class FileLine:
    position: int
    sharing: str
    kept: str
    can_stop: bool
    # How often partners stopped an upload of it; nothing before the first.
    stopped: str
    made: fingerprinted.Made
    can_delete: bool
    steps: list[steps.Step]


@dataclass(frozen=True)
class LinkLine:
    position: int
    address: str
    state: str
    steps: list[steps.Step]


def files(case: Case) -> list[FileLine]:
    rows = list(case.pictures.select_related("picture").order_by("position"))
    ids = [row.picture_id for row in rows]
    on_lists: defaultdict[UUID, set[str]] = defaultdict(set)
    for picture_id, state in Entry.objects.filter(picture_id__in=ids).values_list("picture_id", "state"):
        on_lists[picture_id].add(state)
    stopped = lists.stopped_uploads(ids)
    made = fingerprinted.by_picture(ids)
    history = steps.of_files(case, rows)
    return [
        _file(
            row,
            on_lists[row.picture_id],
            stopped.get(row.picture_id, 0),
            made[row.picture_id],
            history[row.picture_id],
        )
        for row in rows
    ]


def has_details(case: Case) -> bool:
    """Whether the more detailed fingerprints may be used, so that this can be taken back."""
    return consents.in_force(case, Recipient.PARTNERS, ConsentKind.REGIONAL)


def openings(case: Case) -> list[OpeningLine]:
    """Who opened the case: role and time, newest first."""
    somebody = _("Somebody at the agency")
    return [
        OpeningLine(
            one.at,
            str(ROLE_WORDS.get(one.role, somebody)),
            str(OPENING_WORDS[one.verb]) % {"number": one.position or ""},
        )
        for one in services_openings.of_case(case)
    ]


def links(case: Case, private: bytes) -> list[LinkLine]:
    found = []
    for row in locations.own(case, private):
        words = str(LOCATION_WORDS[row.state])
        found.append(LinkLine(row.position, row.address, words, steps.of_link(row, words)))
    return found


def _file(
    row: CasePicture,
    on_lists: set[str],
    stopped: int,
    made: fingerprinted.Made,
    history: list[steps.Step],
) -> FileLine:
    sharing = _sharing(row, on_lists)
    can_stop = row.sharing_stopped_at is None and row.picture.state != PictureState.REFUSED
    can_delete = row.picture.shredded_at is None and row.picture.state != PictureState.REFUSED
    return FileLine(
        row.position, str(sharing), str(_kept(row)), can_stop, _stopped(stopped), made, can_delete, history
    )


def _stopped(number: int) -> str:
    if not number:
        return ""
    words = ngettext(
        "Platforms stopped it %(number)d time",
        "Platforms stopped it %(number)d times",
        number,
    )
    return words % {"number": number}


def _sharing(row: CasePicture, on_lists: set[str]) -> _StrPromise:
    """What the lists say comes before what the review said: an entry can be taken off a list later."""
    if row.picture.state == PictureState.REFUSED:
        return _("It is not shared")
    if row.sharing_stopped_at is not None:
        return _("You stopped sharing it")
    for state, words in SHARING_WORDS.items():
        if state in on_lists:
            return words
    if row.picture.state == PictureState.ON_DEVICE:
        return _from_device(row.case, waits=State.APPROVED in on_lists)
    decision = Decision(row.decision)
    if decision is Decision.LISTED and State.APPROVED not in on_lists:
        return NOT_SHARED
    return DECISION_WORDS[decision]


def _from_device(case: Case, *, waits: bool) -> _StrPromise:
    """Nobody reviews it: what is missing is for the person to give, or lies in the file."""
    if waits:
        return _("It will be shared with partner platforms: not before an hour after you sent it")
    if self_reporting.agreed(case) is None:
        return _("It is not shared: for that we need your agreement, and a contact that you confirmed")
    return _("It is not shared: it has too little detail, or looks like something that everybody has")


def _kept(row: CasePicture) -> _StrPromise:
    state = row.picture.state
    if state == PictureState.ON_DEVICE:
        return _("It never left your device. We have its fingerprint only")
    if state == PictureState.SHREDDED:
        return _("Destroyed: nobody can open it any more")
    if state == PictureState.REFUSED:
        return _("It could not be used, and was destroyed")
    if row.keep_as_evidence:
        return _("Kept encrypted as evidence, as you asked")
    return _("Kept encrypted until it is reviewed")
