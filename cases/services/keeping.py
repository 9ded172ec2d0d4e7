"""Searches that somebody keeps, for themselves or for a team of theirs."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models.finding import SavedView
from cases.searching import Filters
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound

LONGEST = 40  # letters of a name
MOST = 8  # of one person: each is counted whenever they are shown


@transaction.atomic
def keep(ctx: Context, *, name: str, filters: Filters, team_id: UUID | None = None) -> SavedView:
    """Keep a search; with a team, for all its members. Perm case.read.

    Raises Invalid (code view_name), Conflict (code too_many_views), NotAllowed for a team that isn't theirs.
    """
    policy.require_role(ctx, Perm.CASE_READ)
    if team_id is not None and team_id not in ctx.actor.teams:
        raise NotAllowed(_("Your role does not allow this."), code="not_allowed")
    mine, said = SavedView.objects.filter(owner=UUID(ctx.actor.id)), name.strip()
    if not 0 < len(said) <= LONGEST or not filters.said:
        raise Invalid(_("Give it a name of at most 40 letters."), code="view_name")
    if mine.filter(name=said).exists():
        raise Invalid(_("You have a search of that name."), code="view_name")
    if mine.count() >= MOST:
        raise Conflict(_("You keep eight searches already. Drop one first."), code="too_many_views")
    view = SavedView(owner_id=UUID(ctx.actor.id), team_id=team_id, name=said, made_at=ctx.at)
    view.filters = filters.said
    view.save(force_insert=True)
    record(ctx, Verb.VIEW_KEPT, Subject("view", view.pk), shared=team_id is not None)
    return view


@transaction.atomic
def drop(ctx: Context, *, view_id: UUID) -> None:
    """Its owner no longer wants it."""
    policy.require_role(ctx, Perm.CASE_READ)
    gone, _rows = SavedView.objects.filter(pk=view_id, owner=UUID(ctx.actor.id)).delete()
    if not gone:
        raise NotFound(_("There is nothing here."), code="no_such_view")
    record(ctx, Verb.VIEW_DROPPED, Subject("view", view_id))
