"""Entries as lines to read: with the names of staff, partners and lists, and the references of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from cases.models import Case
from hashing.lists.models import List, Partner
from portal.accounts.models import Staff
from portal.audit.models import Entry
from portal.core.context import ActorKind

_SHORT = 16


@dataclass(frozen=True)
class Line:
    """`staff_id` leads to that person's day, `reference` to that case's timeline."""

    id: UUID
    at: datetime
    verb: str
    who: str
    staff_id: str
    about: str
    reference: str
    details: str


def of(entries: Sequence[Entry]) -> list[Line]:
    """The entries in their order, with four more queries however many there are."""
    staff = dict(Staff.objects.filter(pk__in=_ids(entries, "staff")).values_list("pk", "name"))
    partners = dict(Partner.objects.filter(pk__in=_ids(entries, "partner")).values_list("pk", "name"))
    lists = dict(List.objects.filter(pk__in=_ids(entries, "list")).values_list("pk", "slug"))
    cases = dict(Case.objects.filter(pk__in=_ids(entries, "case")).values_list("pk", "reference"))
    names = {str(key): name for key, name in [*staff.items(), *partners.items(), *lists.items()]}
    references = {str(key): reference for key, reference in cases.items()}
    return [_line(entry, names, references) for entry in entries]


def _line(entry: Entry, names: dict[str, str], references: dict[str, str]) -> Line:
    person = _("the person affected") if entry.actor_kind == ActorKind.PERSON else entry.actor_id
    reference = references.get(entry.subject_id, "") if entry.subject_type == "case" else ""
    subject = names.get(entry.subject_id) or reference or _short(entry.subject_id)
    return Line(
        id=entry.id,
        at=entry.at,
        verb=entry.verb,
        who=names.get(entry.actor_id, person),
        staff_id=entry.actor_id if entry.actor_kind == ActorKind.STAFF else "",
        about=f"{entry.subject_type} {subject}",
        reference=reference,
        details=", ".join(f"{key} {_short(str(value))}" for key, value in sorted(entry.payload.items())),
    )


def _ids(entries: Sequence[Entry], kind: str) -> set[UUID]:
    """Ids of a kind among actors and subjects."""
    actors = {entry.actor_id for entry in entries if entry.actor_kind == kind}
    subjects = {entry.subject_id for entry in entries if entry.subject_type == kind}
    return {found for text in actors | subjects if (found := _uuid(text))}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _short(text: str) -> str:
    """Enough of a long id to tell it from others; the export has all of it."""
    return f"{text[:_SHORT]}…" if len(text) > 2 * _SHORT else text
