"""Holds as they are looked at: is a case held, what waits for a second person, what its person is told."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from cases.models import Case, Hold
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.core.context import Actor
from portal.core.errors import NotFound


def in_force() -> QuerySet[Hold]:
    return Hold.objects.filter(placed_at__isnull=False, ended_at=None)


def is_held(case: Case) -> bool:
    return in_force().filter(case=case).exists()


def held(case_field: str = "pk") -> Exists:
    """For a query: `cases.filter(~holds.held())` leaves held ones out."""
    return Exists(in_force().filter(case=OuterRef(case_field)))


def told(case: Case) -> date | None:
    """The last day of a hold that its person may know of, or None."""
    rows = in_force().filter(case=case, hidden=False).order_by("-ends_on")
    return rows.values_list("ends_on", flat=True).first()


def of_case(actor: Actor, case: Case) -> list[Hold]:
    """Open ones, proposed or in force; one query."""
    policy.require(actor, Perm.CASE_READ, team=case.team_id)
    rows = Hold.objects.filter(case=case, ended_at=None).select_related("proposed_by", "placed_by")
    return list(rows.order_by("proposed_at", "pk"))


def waiting(actor: Actor) -> list[Hold]:
    """Proposed holds of the viewer's teams, oldest first."""
    policy.require_role(actor, Perm.HOLD_PLACE)
    rows = Hold.objects.filter(case__team__in=actor.teams, placed_at=None, ended_at=None)
    return list(rows.select_related("case", "proposed_by").order_by("proposed_at", "pk")[:100])


def one(actor: Actor, hold_id: UUID, perm: Perm) -> Hold:
    """An open hold of the viewer's teams, or NotFound."""
    policy.require_role(actor, perm)
    rows = Hold.objects.select_related("case").filter(case__team__in=actor.teams, ended_at=None)
    row = rows.filter(pk=hold_id).first()
    if row is None:
        raise NotFound(_("There is nothing here."), code="no_such_hold")
    return row
