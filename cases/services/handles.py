"""Accounts that took part in a case: sealed to it, found in others by a blind index."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases import platforms
from cases.models import Case, Handle
from cases.services import sealed
from cases.services.desk_keys import open_case_key
from cases.services.loading import locked, refuse_if_child, refuse_if_going
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotFound
from portal.crypto import blind_index

LONGEST = 120
MOST = 100  # in one case
TABLE = "cases_handle"


@transaction.atomic
def add(ctx: Context, *, case_id: UUID, platform: str, typed: str) -> Handle:
    """Note an account; `platform` is a code of cases.platforms, "" for any other. Perm case.work.

    Raises Invalid (codes handle_format, handle_known).
    """
    case = locked(ctx, case_id, Perm.CASE_WORK)
    refuse_if_child(case)
    refuse_if_going(case)
    if case.destroyed_at is not None or case.handles.count() >= MOST:
        raise Conflict(_("Nothing can be added to this case any more."), code="case_closed")
    name = canonical(typed)
    if platform and platform not in platforms.BY_CODE:
        raise Invalid(_("Choose a service."), code="handle_format")
    row = Handle(case=case, platform=platform, name_index=index(name), added_at=ctx.at)
    if case.handles.filter(platform=platform, name_index=row.name_index).exists():
        raise Invalid(_("This case has that account already."), code="handle_known")
    row.added_by_id = UUID(ctx.actor.id)
    public = bytes(case.public_key)
    row.name_sealed = sealed.seal(public, name, table=TABLE, row=row.pk, field="name") or b""
    row.save(force_insert=True)
    more = {"platform": platform} if platform else {}
    record(ctx, Verb.CASE_HANDLE_ADDED, Subject("case", case.pk), handle=row.pk, **more)
    return row


@transaction.atomic
def remove(ctx: Context, *, case_id: UUID, handle_id: UUID) -> None:
    """It was a mistake. Perm case.work."""
    case = locked(ctx, case_id, Perm.CASE_WORK)
    number, _rows = case.handles.filter(pk=handle_id).delete()
    if not number:
        raise NotFound(_("There is nothing here."), code="no_such_handle")
    record(ctx, Verb.CASE_HANDLE_REMOVED, Subject("case", case.pk), handle=handle_id)


@transaction.atomic
def read(ctx: Context, *, case_id: UUID) -> dict[UUID, str]:
    """The names of a case's accounts; {} once deleted. Perm case.read; audited where there are any."""
    case = locked(ctx, case_id, Perm.CASE_READ)
    rows = list(case.handles.order_by("added_at", "pk"))
    if not rows or case.private_for_desk is None:
        return {}
    record(ctx, Verb.CASE_READ, Subject("case", case.pk), part="handles")
    return _opened(case, rows)


def _opened(case: Case, rows: list[Handle]) -> dict[UUID, str]:
    private = open_case_key(case)
    return {
        row.pk: sealed.unseal(private, row.name_sealed, table=TABLE, row=row.pk, field="name") for row in rows
    }


def canonical(typed: str) -> str:
    """A name as services compare it: without @, case or spaces around. Raises Invalid (handle_format)."""
    name = typed.strip().removeprefix("@").casefold()
    if not 0 < len(name) <= LONGEST or any(character.isspace() or character == "/" for character in name):
        raise Invalid(
            _("Enter the account's name as the service shows it, such as @name."), code="handle_format"
        )
    return name


def index(name: str) -> str:
    """What a name is found by, on any service."""
    return blind_index.index("cases.handle", name)
