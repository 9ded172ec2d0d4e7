"""Who at the agency opened a case, for the person it belongs to: when, in which role, and what. No names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from cases.models import Case
from portal.audit import Verb, sight
from portal.audit.models import Entry
from portal.core.context import ActorKind

MOST = 200


@dataclass(frozen=True)
class Opening:
    """`position` is the file's, None for what was written."""

    at: datetime
    role: str
    verb: Verb
    position: int | None


def of_case(case: Case) -> list[Opening]:
    """The last 200, newest first. The caller has the case's own code."""
    positions = {str(pk): position for pk, position in case.pictures.values_list("picture_id", "position")}
    about = Q(subject_type="case", subject_id=str(case.pk)) | Q(
        subject_type="picture", subject_id__in=list(positions)
    )
    entries = Entry.objects.filter(about, actor_kind=ActorKind.STAFF, verb__in=sorted(sight.OPENINGS))
    return list(_openings(entries.order_by("-at", "-id")[:MOST], positions))


def _openings(entries: QuerySet[Entry], positions: dict[str, int]) -> Iterator[Opening]:
    for entry in entries:
        yield Opening(entry.at, entry.role, Verb(entry.verb), positions.get(entry.subject_id))
