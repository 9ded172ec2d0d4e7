"""What is due to go, and the batches that two people decide on, as they are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from cases.models import Case, Disposal
from cases.services import disposing
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.agency.models import Team
from portal.core.context import Context
from portal.core.errors import NotFound


@dataclass(frozen=True)
class Batch:
    """`cases` are those of it that still exist."""

    disposal: Disposal
    cases: list[Case]
    is_own: bool


@dataclass(frozen=True)
class TeamDue:
    """One team: what may be put together now, or the batch that waits for somebody else."""

    team: Team
    due: list[Case]
    waiting: int
    batch: Batch | None


def of_teams(ctx: Context) -> list[TeamDue]:
    """The viewer's teams in which anything is due."""
    policy.require_role(ctx, Perm.CASE_DISPOSE)
    found = [_of(ctx, team) for team in Team.objects.filter(pk__in=ctx.actor.teams)]
    return [one for one in found if one.due or one.batch]


def one(ctx: Context, disposal_id: UUID) -> Disposal:
    """A batch of the viewer's teams, or NotFound."""
    policy.require_role(ctx, Perm.CASE_DISPOSE)
    found = Disposal.objects.filter(pk=disposal_id, team__in=ctx.actor.teams).first()
    if found is None:
        raise NotFound(_("There is nothing here."), code="no_such_disposal")
    return found


def decided(ctx: Context, *, number: int = 20) -> list[Disposal]:
    """The newest batches that somebody decided on; `size` is how many cases they named."""
    policy.require_role(ctx, Perm.CASE_DISPOSE)
    rows = Disposal.objects.filter(team__in=ctx.actor.teams, decided_at__isnull=False)
    rows = rows.select_related("team", "proposed_by", "approved_by").annotate(size=Count("lines"))
    return list(rows.order_by("-decided_at", "pk")[:number])


def _of(ctx: Context, team: Team) -> TeamDue:
    due = disposing.due(ctx, team.pk)
    batch = Disposal.objects.filter(team=team, decided_at=None).select_related("proposed_by").first()
    if batch is not None:
        return TeamDue(team, [], 0, _batch(ctx, batch))
    return TeamDue(team, list(due[: disposing.LARGEST]), due.count(), None)


def _batch(ctx: Context, batch: Disposal) -> Batch:
    ids = batch.lines.values_list("case_id", flat=True)
    cases = list(Case.objects.filter(pk__in=list(ids)).order_by("closed_at", "pk"))
    return Batch(batch, cases, is_own=str(batch.proposed_by_id) == ctx.actor.id)
