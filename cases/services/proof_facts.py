"""The facts of a proof of deletion: what went, who had it, what is still to come, what stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max

from cases.models import Case
from hashing.lists import selectors as lists
from hashing.lists.models import Entry
from hashing.lists.records import dropped_on
from portal.agency import selectors as agency
from portal.audit import Verb
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from portal.vault.models import Picture, PictureState
from portal.vault.services.sweeping import EPOCH_AFTER


@dataclass(frozen=True)
class Holder:
    """A partner that had been given an entry of the case, and its first pull past the withdrawal."""

    partner: str
    partner_id: str
    wire: str
    entry: Entry
    pull: AuditEntry | None


def files(case: Case) -> list[Picture]:
    """What was destroyed, in the order of the case; what could not be used was never a file of it."""
    ids = list(case.pictures.order_by("position").values_list("picture_id", flat=True))
    found = Picture.objects.in_bulk(ids)
    return [found[pk] for pk in ids if found[pk].state == PictureState.SHREDDED]


def entries(pictures: Sequence[Picture]) -> list[Entry]:
    return list(
        Entry.objects.filter(picture_id__in=[one.pk for one in pictures]).order_by("proposed_at", "pk")
    )


def holders(case: Case, found: Sequence[Entry]) -> list[Holder]:
    viewer = Context.person(case.pk).actor
    return [
        Holder(each.partner, str(each.partner_id), str(each.wire), entry, pull)
        for entry in found
        for each, pull in lists.pulls_past(viewer, entry.pk)
    ]


def counts(case: Case, pictures: Sequence[Picture]) -> dict[str, int]:
    """Files, and what was written as far as the log has it: a schedule's deletion counts no texts."""
    told = AuditEntry.objects.filter(
        verb=Verb.CASE_WITHDRAWN, subject_id=str(case.pk), payload__scope="everything"
    )
    last = told.order_by("-at").first()
    texts = {name: last.payload[name] for name in ("locations", "messages")} if last else {}
    return {"files": len(pictures), **texts}


def still_to_come(pictures: Sequence[Picture]) -> list[dict[str, str]]:
    """What the agency owes after today, with the day by which it is done."""
    erased = set(
        AuditEntry.objects.filter(verb=Verb.KEY_ERASED, subject_type="epoch").values_list(
            "subject_id", flat=True
        )
    )
    days = {picture.epoch for picture in pictures} - {date.fromisoformat(day) for day in erased}
    owed = [
        (day + EPOCH_AFTER + timedelta(days=1), f"the key of backups of {day} is erased")
        for day in sorted(days)
    ]
    if last := last_withdrawn(pictures):
        owed.append((dropped_on(last).date(), "partners are told no more which values to drop"))
    return [{"by": day.isoformat(), "what": what} for day, what in owed]


def last_withdrawn(pictures: Sequence[Picture]) -> datetime | None:
    found = Entry.objects.filter(picture_id__in=[picture.pk for picture in pictures])
    last: datetime | None = found.aggregate(last=Max("withdrawn_at"))["last"]
    return last


def backups(case: Case) -> dict[str, Any]:
    """How long a copy of the database may still hold what was written, sealed."""
    days = agency.current().backup_days
    gone = case.destroyed_at + timedelta(days=days) if case.destroyed_at else None
    return {"days": days, "gone_by": gone.date().isoformat() if gone else ""}


def kept_by_law(case: Case) -> list[str]:
    """What stays although everything is deleted; none of it tells who somebody is."""
    letters = ["letters to services: that they were sent, when and to whom, without what they said"]
    log = ["the audit log: what was done when, without names, texts and fingerprints"]
    return log + (letters if case.notices.exists() else [])
