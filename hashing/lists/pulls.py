"""What the log has on a partner's pulls: for that partner, and for those who manage partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hashing.lists.models import List, Partner
from hashing.lists.states import Wire
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import sight
from portal.audit.models import Entry
from portal.core import paging
from portal.core.context import Actor, ActorKind
from portal.core.errors import NotAllowed


@dataclass(frozen=True)
class Pull:
    """Lines after position `after` up to `position` of a list were given out over a wire, with `entries`."""

    at: datetime
    list: str
    wire: Wire
    after: int
    position: int
    entries: int


@dataclass(frozen=True)
class Pulls:
    """A page, newest first; `next` is the cursor of the page after it, "" on the last."""

    items: list[Pull]
    next: str


def of_partner(viewer: Actor, partner: Partner, *, cursor: str = "", size: int) -> Pulls:
    """For the partner itself; for staff with perm partner.read. Raises NotAllowed, Invalid for a cursor that
    isn't one."""
    if viewer.kind is not ActorKind.PARTNER:
        policy.require(viewer, Perm.PARTNER_READ)
    elif viewer.id != str(partner.pk):
        raise NotAllowed("A partner sees its own pulls.", code="not_yours")
    rows = Entry.objects.filter(
        actor_kind=ActorKind.PARTNER, actor_id=str(partner.pk), verb__in=sorted(sight.PULLS)
    )
    page = paging.page(rows, time_field="at", cursor=cursor, size=size, newest_first=True)
    slugs = dict(List.objects.values_list("pk", "slug"))
    return Pulls([_pull(entry, slugs) for entry in page.items], page.next)


def _pull(entry: Entry, slugs: dict[UUID, str]) -> Pull:
    told = entry.payload
    return Pull(
        at=entry.at,
        list=slugs[UUID(entry.subject_id)],
        wire=Wire(told["wire"]),
        after=told["after"],
        position=told["position"],
        entries=told["entries"],
    )
