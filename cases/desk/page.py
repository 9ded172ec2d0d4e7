"""Everything that a case's page shows, gathered with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases import assessments, deadlines, elsewhere, links, locations, selectors
from cases.desk import deadlines as due
from cases.desk import disputed, fingerprints, progress, words
from cases.desk.forms import MoveForm, PriorityForm
from cases.models import (
    Assessment,
    Case,
    Circumstance,
    Consent,
    DeadlineKind,
    Location,
    Notice,
    Regain,
    RegainState,
    Sender,
)
from cases.notices import selectors as notices
from cases.services import desk_keys
from hashing import devices
from hashing.lists.models import Entry
from hashing.lists.states import Reason
from portal.accounts import policy
from portal.accounts.models import Staff
from portal.accounts.roles import Perm
from portal.audit.models import Entry as AuditEntry
from portal.core.context import ActorKind, Context
from portal.ui.templatetags.ui import Tone

TIMELINE_LENGTH = 100


@dataclass(frozen=True)
class EntryLine:
    entry: Entry
    tone: Tone

    @property
    def reason(self) -> str:
        return str(Reason(self.entry.reason).label) if self.entry.reason else ""


@dataclass(frozen=True)
class PictureCard:
    row: selectors.PictureRow
    tone: Tone
    fingerprints: list[fingerprints.Line]
    entries: list[EntryLine]
    elsewhere: list[elsewhere.Place]
    made: progress.Progress
    # The positions of those of the same picture, one sent and one from the person's device.
    twins: list[int]


@dataclass(frozen=True)
class Address:
    location: Location
    url: str
    tone: Tone
    service: str


@dataclass(frozen=True)
class NoticeLine:
    notice: Notice
    tone: Tone


@dataclass(frozen=True)
class Event:
    at: datetime
    words: str
    who: str


@dataclass(frozen=True)
class CasePage:
    case: Case
    tone: Tone
    circumstances: str
    told: desk_keys.Told | None
    addresses: list[Address]
    pictures: list[PictureCard]
    consents: list[Consent]
    notices: list[NoticeLine]
    feedback: list[disputed.Line]
    timeline: list[Event]
    deadlines: list[due.Line]
    assessment: Assessment | None
    linked: list[links.Linked]
    tags: list[str]
    suggested: list[links.Suggestion]
    unanswered: bool
    regain: Regain | None
    may: dict[str, bool]
    move_form: MoveForm
    priority_form: PriorityForm
    urgency: Tone
    why_urgent: list[str]
    is_pulled: bool

    @property
    def child_report_due(self) -> bool:
        return any(line.deadline.kind == DeadlineKind.CHILD_REPORT for line in self.deadlines)


def build(ctx: Context, case: Case) -> CasePage:
    """The page of a case that the viewer may see; opens the report, which is audited."""
    others = elsewhere.of_case(ctx.actor, case)
    told = desk_keys.read_story(ctx, case_id=case.pk) if case.private_for_desk is not None else None
    return CasePage(
        case=case,
        tone=words.CASE_TONE.get(case.state, "grey"),
        circumstances="\n".join(str(Circumstance(code).label) for code in case.circumstances),
        told=told,
        addresses=_addresses(ctx, case, told),
        pictures=_pictures(ctx, case, others),
        consents=list(selectors.consents(ctx.actor, case)),
        notices=[NoticeLine(row, words.NOTICE_TONE[row.state]) for row in notices.of_case(ctx.actor, case)],
        feedback=disputed.of_case(case),
        timeline=timeline(ctx, case),
        deadlines=due.lines(deadlines.of_case(ctx.actor, case)),
        assessment=next(iter(assessments.of_case(ctx.actor, case)), None),
        tags=list(case.tags.order_by("name").values_list("name", flat=True)),
        linked=links.of_case(ctx.actor, case),
        suggested=links.suggested(ctx.actor, case, [one for found in others.values() for one in found]),
        unanswered=case.messages.filter(sender=Sender.PERSON, seen_at=None).exists(),
        regain=case.regains.filter(state=RegainState.ASKED).first(),
        may={perm.name.lower(): policy.allows(ctx, perm, team=case.team_id) for perm in Perm},
        move_form=MoveForm(case=case),
        priority_form=PriorityForm(initial={"priority": case.priority}),
        urgency=words.PRIORITY_TONE[case.priority],
        why_urgent=words.why_urgent(case),
        is_pulled=str(case.pulled_by_id) == ctx.actor.id,
    )


def _addresses(ctx: Context, case: Case, told: desk_keys.Told | None) -> list[Address]:
    urls = dict(told.links) if told else {}
    return [
        Address(
            row,
            urls.get(row.pk, row.host),
            words.LOCATION_TONE.get(row.state, "grey"),
            locations.service(row),
        )
        for row in selectors.locations(ctx.actor, case)
    ]


def _pictures(ctx: Context, case: Case, others: Mapping[UUID, list[elsewhere.Place]]) -> list[PictureCard]:
    rows = selectors.pictures(ctx.actor, case)
    ids = [row.row.picture_id for row in rows]
    lines, made = fingerprints.by_picture(ids), progress.by_picture(ids)
    same, position = devices.twins(ids), {row.row.picture_id: row.row.position for row in rows}
    return [
        PictureCard(
            row,
            words.DECISION_TONE[row.row.decision],
            lines.get(row.row.picture_id, []),
            [EntryLine(entry, words.ENTRY_TONE[entry.state]) for entry in row.entries],
            others.get(row.row.picture_id, []),
            made[row.row.picture_id],
            sorted(position[pk] for pk in same[row.row.picture_id]),
        )
        for row in rows
    ]


def timeline(ctx: Context, case: Case) -> list[Event]:
    """The last things done, newest first, with the names of the staff who did them."""
    return events(selectors.timeline(ctx.actor, case)[:TIMELINE_LENGTH])


def events(found: Iterable[AuditEntry]) -> list[Event]:
    """Entries of the log in the desk's words, with the names of the staff; one query."""
    entries = list(found)
    names = _names(entry.actor_id for entry in entries if entry.actor_kind == ActorKind.STAFF)
    return [
        Event(entry.at, words.of_entry(entry.verb, entry.payload), names.get(entry.actor_id, ""))
        for entry in entries
    ]


def _names(ids: Iterable[str]) -> dict[str, str]:
    people = Staff.objects.filter(pk__in={UUID(one) for one in ids})
    return {str(person.pk): person.name for person in people}
