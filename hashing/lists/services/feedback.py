"""Take what a partner reports of an entry: the last report counts, all of them are kept."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Q

from hashing.fingerprints.models import Kind
from hashing.lists import locking, reports
from hashing.lists.entries import locked_entry
from hashing.lists.models import Entitlement, Entry, Feedback, List, MatchDay, Partner
from hashing.lists.reports import CONFIRMED, MATCHES, Outline, Report, Value
from hashing.lists.services.watching import dispute_threshold_reached
from hashing.lists.services.withdrawing import quarantine_if_listed
from hashing.lists.states import Reason, Wire
from portal.audit import Subject, Verb, record
from portal.core.context import Actor, ActorKind, Context
from portal.core.errors import NotFound

# What was matched before the first report is not what was matched that day.
_WEEK = 7
_KINDS = frozenset({*Kind.values, "regional"})


def give_feedback(
    ctx: Context, *, partner: Partner, wire: Wire, report: Report, hash_list: List | None = None
) -> Feedback:
    """Store one report. The same one again changes nothing and returns what is there.

    `hash_list`: the only list that the caller's key serves, if it serves but one.

    Raises NotFound unless the partner may pull the entry's list and the entry was published, Invalid for a
    report that contradicts itself. An entry that enough partners dispute is quarantined at once.
    """
    with transaction.atomic():
        entry = _published(partner, report.entry_id, hash_list)
        reports.check(report, _KINDS)
        last = {row.value: row for row in Feedback.objects.filter(partner=partner, entry=entry, current=True)}
        before = last.get(report.value)
        if before is not None and before.standing and _said(before) == report:
            return before
        _count(ctx, partner, entry, report)
        _set_aside(partner, entry, report.value)
        made = _store(ctx, partner, wire, entry, report)
        if report.value is Value.DISPUTED:
            _quarantine_if_disputed(ctx, entry)
        return made


def _published(partner: Partner, entry_id: UUID, hash_list: List | None) -> Entry:
    """The entry, locked against other reports alone: however many a partner sends, the entry's own lock stays
    free for whoever withdraws it and for the publisher. One refusal for all that the partner may not see."""
    entitled = Entitlement.objects.filter(partner=partner).values("list")
    if hash_list is not None:
        entitled = entitled.filter(list=hash_list)
    locking.reports(entry_id)
    rows = Entry.objects.select_related("list").filter(pk=entry_id, list__in=entitled)
    entry = rows.exclude(published="").first()
    if entry is None:
        raise NotFound("There is no such entry on a list that you are entitled to.", code="no_such_entry")
    return entry


def _said(row: Feedback) -> Report:
    region: reports.Region | None = None
    if row.region is not None:
        left, top, right, bottom = row.region
        region = (left, top, right, bottom)
    return Report(
        entry_id=row.entry_id,
        value=Value(row.value),
        reason=reports.DisputeReason(row.reason) if row.reason else None,
        total=row.total,
        outline=Outline(row.kind, row.distance, region),
    )


def _set_aside(partner: Partner, entry: Entry, value: Value) -> None:
    """The reports that the new one follows are history; a report taken back takes all of them along."""
    rows = Feedback.objects.filter(partner=partner, entry=entry)
    rows.filter(standing=True).update(standing=False)
    replaced = rows.filter(current=True)
    if value is not Value.TAKEN_BACK:
        replaced = replaced.filter(Q(value=value) | Q(value=Value.TAKEN_BACK))
    replaced.update(current=False)


def _store(ctx: Context, partner: Partner, wire: Wire, entry: Entry, report: Report) -> Feedback:
    outline = report.outline
    made = Feedback.objects.create(
        partner=partner,
        entry=entry,
        wire=wire,
        value=report.value,
        reason=report.reason or "",
        total=report.total,
        kind=outline.kind,
        distance=outline.distance,
        region=list(outline.region) if outline.region else None,
        received_at=ctx.at,
    )
    why = {"reason": str(report.reason)} if report.reason else {}
    record(
        ctx,
        Verb.FEEDBACK_GIVEN,
        Subject("entry", entry.pk),
        list=entry.list.slug,
        wire=str(wire),
        value=str(report.value),
        total=report.total,
        **why,
    )
    return made


def _count(ctx: Context, partner: Partner, entry: Entry, report: Report) -> None:
    """Add to the entry's day what is new since the partner's highest total; take away what it takes back."""
    days = MatchDay.objects.filter(entry=entry, partner=partner)
    if report.value is Value.TAKEN_BACK:
        days.delete()
    if report.value not in {*MATCHES, *CONFIRMED}:
        return
    highest = _highest(partner, entry, report.value)
    more = _since_listed(ctx, entry, report.total) if highest is None else report.total - highest
    if more <= 0:
        return
    day, _created = MatchDay.objects.get_or_create(entry=entry, partner=partner, day=ctx.at.date())
    days.filter(pk=day.pk).update(
        uploads=F("uploads") + (more if report.value in MATCHES else 0),
        confirmed=F("confirmed") + (more if report.value in CONFIRMED else 0),
    )


def _highest(partner: Partner, entry: Entry, value: Value) -> int | None:
    """The highest total of this value since the partner last took its reports back: one that goes down and up
    again is not counted twice."""
    rows = Feedback.objects.filter(partner=partner, entry=entry)
    back = rows.filter(value=Value.TAKEN_BACK).aggregate(last=Max("received_at"))["last"]
    since = rows.filter(received_at__gte=back) if back else rows
    highest: int | None = since.filter(value=value).aggregate(highest=Max("total"))["highest"]
    return highest


def _since_listed(ctx: Context, entry: Entry, total: int) -> int:
    """A first total covers all the time since the entry was listed: a week's share of it counts."""
    days = (ctx.at - entry.listed_at).days if entry.listed_at else 0
    return total * _WEEK // max(_WEEK, days)


def _quarantine_if_disputed(ctx: Context, entry: Entry) -> None:
    figures = dispute_threshold_reached(entry)
    if figures is not None:
        entry = locked_entry(entry.pk)
        watcher = Context(Actor(ActorKind.SYSTEM, "hashing.watch"), action_id=ctx.action_id, at=ctx.at)
        quarantine_if_listed(watcher, entry, reason=Reason.DISPUTED, figures=figures)
