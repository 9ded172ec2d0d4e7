"""What all services of an entry share: its lock, its second person, its audit entry."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from hashing.lists.models import Entry
from portal.audit import Subject, Verb, record
from portal.audit.values import Value
from portal.core.context import ActorKind, Context
from portal.core.errors import NotAllowed, NotFound


def locked_entry(entry_id: UUID) -> Entry:
    """The entry, locked until the transaction ends; rows may go on referring to it. Raises NotFound."""
    rows = Entry.objects.select_for_update(of=("self",), no_key=True).select_related("list")
    found = rows.filter(pk=entry_id).first()
    if found is None:
        raise NotFound(_("There is no such entry."), code="no_such_entry")
    return found


def staff_other_than(ctx: Context, proposer: UUID | None) -> UUID:
    """The member of staff who acts. Raises NotAllowed for the proposer, and for anyone who isn't staff."""
    if ctx.actor.kind is not ActorKind.STAFF:
        raise NotAllowed(_("Only staff decide on this."), code="staff_only")
    if str(proposer) == ctx.actor.id:
        message = _("You proposed this yourself: somebody else has to decide.")
        raise NotAllowed(message, code="four_eyes")
    return UUID(ctx.actor.id)


def record_entry(ctx: Context, verb: Verb, entry: Entry, **payload: Value) -> None:
    """Audit what was done to the entry, with its list, its picture and the reason if there is one."""
    why: dict[str, Value] = {"reason": entry.reason} if "reason" in verb.payload and entry.reason else {}
    record(
        ctx,
        verb,
        Subject("entry", entry.pk),
        picture=entry.picture_id,
        list=entry.list.slug,
        **why,
        **payload,
    )
