"""What became of an entry at the partners: who was given it, and who has been told that it is withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from hashing.lists import records
from hashing.lists.models import Entry, Feedback, List, PartnerPosition, Publication, ServedRecord, WireRecord
from hashing.lists.reports import STOPPED
from hashing.lists.states import FeedState, State, Wire
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Verb
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Actor, ActorKind


@dataclass(frozen=True)
class Reach:
    """One partner on one wire. `told`: handed the withdrawal. `confirmed`: it came back from beyond that,
    so it has surely stored it. Whether its copy is deleted, no feed can show. `gone` is the place of the
    tombstone on that wire, None while there is none."""

    partner: str
    wire: Wire
    told: bool
    confirmed: bool
    partner_id: UUID | None = field(default=None, compare=False)
    gone: int | None = field(default=None, compare=False)


def reach(viewer: Actor, entry_id: UUID) -> list[Reach]:
    """The partners that were handed the entry as active, by name and wire; none if it was never published.

    Staff who may withdraw or manage partners see it; the person's own pages ask for them (a PERSON actor,
    of whom `cases` knows that the picture is theirs).
    """
    if viewer.kind is not ActorKind.PERSON and not policy.holds(viewer, Perm.PARTNER_MANAGE):
        policy.require_role(viewer, Perm.ENTRY_WITHDRAW)
    entry = Entry.objects.select_related("list").get(pk=entry_id)
    lines = Publication.objects.filter(entry=entry, epoch=entry.list.epoch)
    listed, gone = _position(lines, FeedState.ACTIVE), _position(lines, FeedState.WITHDRAWN)
    found = [*_by_position(entry.list, listed, gone), *_by_record(entry)]
    return sorted(found, key=lambda each: (each.partner, each.wire))


def pulls_past(viewer: Actor, entry_id: UUID) -> list[tuple[Reach, AuditEntry | None]]:
    """Each partner that had been handed the entry, with the first pull that handed it the withdrawal too."""
    gone_at = Publication.objects.filter(entry=entry_id, state=FeedState.WITHDRAWN).order_by("at")
    line = gone_at.first()
    list_id = Entry.objects.values_list("list_id", flat=True).get(pk=entry_id)
    return [(each, _first_past(each, list_id, line) if line else None) for each in reach(viewer, entry_id)]


def _first_past(each: Reach, list_id: UUID, line: Publication) -> AuditEntry | None:
    if not each.told or each.gone is None:
        return None
    pulls = AuditEntry.objects.filter(
        verb=Verb.LIST_PULLED, subject_id=str(list_id), actor_id=str(each.partner_id), at__gte=line.at
    )
    past = pulls.filter(payload__wire=str(each.wire), payload__position__gte=each.gone)
    return past.order_by("at", "id").first()


def first_pulls(viewer: Actor, entry_id: UUID) -> list[tuple[Reach, AuditEntry | None]]:
    """Each partner that was handed the entry as active, with the first pull after it was listed."""
    line = Publication.objects.filter(entry=entry_id, state=FeedState.ACTIVE).order_by("at").first()
    list_id = Entry.objects.values_list("list_id", flat=True).get(pk=entry_id)
    pulls = AuditEntry.objects.filter(verb=Verb.LIST_PULLED, subject_id=str(list_id)).order_by("at", "id")
    since = pulls.filter(at__gte=line.at) if line else pulls.none()
    return [
        (each, since.filter(actor_id=str(each.partner_id), payload__wire=str(each.wire)).first())
        for each in reach(viewer, entry_id)
    ]


def value_kept_until(entry: Entry) -> datetime | None:
    """When the StopNCII wire's tombstones of a withdrawn entry are dropped; None if there are none."""
    if entry.state != State.WITHDRAWN or entry.withdrawn_at is None or entry.listed_at is None:
        return None
    line = Publication.objects.filter(entry=entry, state=FeedState.WITHDRAWN).order_by("-at").first()
    return records.dropped_on(line.at if line else entry.withdrawn_at)


def stopped_uploads(picture_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many uploads of each picture partners blocked or removed, by their last reports."""
    rows = Feedback.objects.filter(entry__picture_id__in=list(picture_ids), current=True, value__in=STOPPED)
    sums = rows.values("entry__picture_id").annotate(all=Sum("total")).order_by()
    return {row["entry__picture_id"]: row["all"] for row in sums}


def _position(lines: Iterable[Publication], state: FeedState) -> int | None:
    return max((line.position for line in lines if line.state == state), default=None)


def _by_position(hash_list: List, listed: int | None, gone: int | None) -> list[Reach]:
    """The wires that number publications. Who began after the withdrawal was handed a tombstone only, but is
    named all the same: too many rather than too few."""
    if listed is None:
        return []
    places = PartnerPosition.objects.filter(list=hash_list, epoch=hash_list.epoch, position__gte=listed)
    return [
        Reach(
            place.partner.name,
            Wire(place.wire),
            told=gone is not None and place.position >= gone,
            confirmed=gone is not None and place.proven >= gone,
            partner_id=place.partner_id,
            gone=gone,
        )
        for place in places.exclude(wire=Wire.STOPNCII).select_related("partner")
    ]


def _by_record(entry: Entry) -> list[Reach]:
    """The StopNCII wire, where each value's serving is on record; told means told of all of them."""
    mine = WireRecord.objects.filter(list_id=entry.list_id, cases__has_key=str(entry.pk))
    active = mine.filter(**{f"cases__{entry.pk}": records.ACTIVE}).exists()
    revisions = list(mine.values_list("revision", flat=True))
    served = ServedRecord.objects.filter(record__in=mine).values("partner")
    places = PartnerPosition.objects.filter(list_id=entry.list_id, wire=Wire.STOPNCII, partner__in=served)
    last = max(revisions, default=0)
    return [
        Reach(
            place.partner.name,
            Wire.STOPNCII,
            told=not active and place.position >= last,
            confirmed=not active and place.proven >= last,
            partner_id=place.partner_id,
            gone=None if active else last,
        )
        for place in places.select_related("partner")
    ]
