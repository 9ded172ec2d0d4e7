"""Sessions at the desk: noted when they are opened, ended one by one or all at once."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts import agents, policy
from portal.accounts.models import DeskSession
from portal.accounts.roles import Perm
from portal.accounts.services.checks import locked, only_oneself
from portal.audit import Subject, Verb, record, unrecorded
from portal.core.context import Context
from portal.core.errors import NotFound


@unrecorded("beside the log-in that opens the session, which is recorded")
def note_session(ctx: Context, *, staff_id: UUID, key: str, method: str, user_agent: str) -> None:
    """Remember whose session has the key `key`, so that its owner finds it and can end it."""
    DeskSession.objects.create(
        session_id=key,
        staff_id=staff_id,
        opened_at=ctx.at,
        method=method,
        browser=agents.described(user_agent),
    )


@transaction.atomic
def end_session(ctx: Context, *, session_id: UUID) -> None:
    """End one of one's own sessions, at once. NotFound when it is nobody's, somebody else's or over."""
    found = DeskSession.objects.select_for_update().filter(pk=session_id, staff=UUID(ctx.actor.id)).first()
    if found is None:
        raise NotFound(_("This session is over already."), code="session_over")
    _end(ctx, found.staff_id, [found.session_id])


@transaction.atomic
def end_other_sessions(ctx: Context, *, staff_id: UUID, but: str) -> int:
    """End all of one's own sessions except the one with the key `but`; how many."""
    only_oneself(ctx, staff_id)
    others = DeskSession.objects.filter(staff=staff_id).exclude(session=but)
    return _end(ctx, staff_id, others.values_list("session_id", flat=True))


@transaction.atomic
def end_all_sessions(ctx: Context, *, staff_id: UUID) -> int:
    """End somebody's sessions, for an administrator; how many. Their account stays as it is."""
    policy.require(ctx, Perm.STAFF_MANAGE)
    locked(staff_id)
    own = DeskSession.objects.filter(staff=staff_id)
    return _end(ctx, staff_id, own.values_list("session_id", flat=True))


def _end(ctx: Context, staff_id: UUID, keys: Iterable[str]) -> int:
    ended = Session.objects.filter(pk__in=list(keys))
    count = ended.count()
    ended.delete()
    record(ctx, Verb.STAFF_SESSIONS_ENDED, Subject("staff", staff_id), sessions=count)
    return count
