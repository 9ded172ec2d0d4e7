"""Finding entries: by who, what, about what and when, newest first, a page at a time by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit.models import Entry
from portal.core.context import Actor
from portal.core.errors import Invalid

PAGE = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Wanted:
    """What to look for; "" and None match everything. `subjects` are ids."""

    actor_id: str = ""
    verb: str = ""
    subjects: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Found:
    """A page of entries; `next` is the cursor of the page after it, "" on the last."""

    entries: list[Entry]
    next: str


def find(actor: Actor, wanted: Wanted, *, cursor: str = "", size: int = PAGE) -> Found:
    """A page, newest first, whatever the length of the log. Perm audit.read."""
    policy.require(actor, Perm.AUDIT_READ)
    rows = list(_after(_matching(wanted), cursor).order_by("-at", "-id")[: size + 1])
    return Found(rows[:size], _cursor(rows[size - 1]) if len(rows) > size else "")


def _matching(wanted: Wanted) -> QuerySet[Entry]:
    conditions: dict[str, object] = {
        "actor_id": wanted.actor_id,
        "verb": wanted.verb,
        "subject_id__in": wanted.subjects,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }
    found = Entry.objects.filter(**{name: value for name, value in conditions.items() if value})
    # Named with their kinds, the ids are found by the index that begins with the kind.
    kinds = ("case", "picture", "entry", "staff", "partner", "list", "message", "export", "witness")
    return found.filter(subject_type__in=kinds) if wanted.subjects else found


def _after(entries: QuerySet[Entry], cursor: str) -> QuerySet[Entry]:
    if not cursor:
        return entries
    try:
        at, _dot, key = cursor.partition(".")
        time, last = _EPOCH + int(at) * _MICROSECOND, UUID(hex=key)
    except (ValueError, OverflowError) as error:
        raise Invalid(_("This page does not exist. Start from the first one."), code="bad_cursor") from error
    return entries.filter(at__lte=time).filter(Q(at__lt=time) | Q(id__lt=last))


def _cursor(entry: Entry) -> str:
    return f"{(entry.at - _EPOCH) // _MICROSECOND}.{entry.id.hex}"
