"""Finding entries: by who, what, about what and when, newest first, a page at a time by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit.models import Entry
from portal.core import paging
from portal.core.context import Actor
from portal.core.paging import Page

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What to look for; "" and None match everything. `subjects` are ids."""

    actor_id: str = ""
    verb: str = ""
    subjects: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def find(actor: Actor, wanted: Wanted, *, cursor: str = "") -> Page[Entry]:
    """A page, newest first, whatever the length of the log. Perm audit.read."""
    policy.require(actor, Perm.AUDIT_READ)
    return paging.page(_matching(wanted), time_field="at", cursor=cursor, size=PAGE, newest_first=True)


def _matching(wanted: Wanted) -> QuerySet[Entry]:
    conditions: dict[str, object] = {
        "actor_id": wanted.actor_id,
        "verb": wanted.verb,
        "subject_id__in": wanted.subjects,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }
    return Entry.objects.filter(**{name: value for name, value in conditions.items() if value})
