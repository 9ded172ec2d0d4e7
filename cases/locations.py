"""Locations as they are looked at: by the desk, and by the person they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cases import platforms
from cases.models import Case, Location
from cases.services import sealed
from cases.states import CLOSED_STATES, LocationState
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import unrecorded
from portal.audit.models import Entry
from portal.core.context import Actor
from portal.core.errors import NotFound

MOST_CASES = 20


@dataclass(frozen=True)
class OwnLocation:
    """One address as its person sees it: `service` is where it is, the times say how far it is."""

    position: int
    address: str
    service: str
    state: LocationState
    found_at: datetime
    changed_at: datetime | None
    checked_at: datetime | None


@unrecorded("people read what they wrote themselves; case.followed tells that they came")
def own(case: Case, private: bytes) -> list[OwnLocation]:
    """The person's own addresses, opened with the key that their code opened; one query."""
    return [
        OwnLocation(
            position=row.position,
            address=sealed.unseal(private, row.url_sealed, table=sealed.LOCATION, row=row.id, field="url"),
            service=service(row),
            state=LocationState(row.state),
            found_at=row.found_at,
            changed_at=row.changed_at,
            checked_at=row.checked_at,
        )
        for row in case.locations.order_by("position")
    ]


def service(row: Location) -> str:
    """The service's name, or its host."""
    return platforms.name(row.platform, row.host)


def one(actor: Actor, case: Case, position: int) -> Location:
    """A location of a case that the viewer may see, or NotFound."""
    policy.require(actor, Perm.CASE_READ, team=case.team_id)
    row = case.locations.filter(position=position).first()
    if row is None:
        raise NotFound(_("There is nothing here."), code="no_such_location")
    row.case = case
    return row


def same_page(actor: Actor, row: Location) -> list[Case]:
    """Other cases of the viewer's teams that may hold the same page (a 40-bit index: look, then link)."""
    policy.require(actor, Perm.CASE_READ, team=row.case.team_id)
    if not row.url_index or row.case.child_suspected_at is not None:
        return []
    holding = Location.objects.filter(url_index=row.url_index).exclude(case=row.case_id).values("case")
    cases = Case.objects.filter(pk__in=holding, team__in=actor.teams, child_suspected_at=None)
    return list(cases.order_by("opened_at", "pk")[:MOST_CASES])


def history(actor: Actor, row: Location) -> list[Entry]:
    """What the log holds of it, newest first."""
    policy.require(actor, Perm.CASE_READ, team=row.case.team_id)
    entries = Entry.objects.filter(subject_type="location", subject_id=str(row.pk))
    return list(entries.order_by("-at", "-id"))


def is_open(case: Case) -> bool:
    """Whether addresses may still be added and worked on."""
    return case.destroyed_at is None and case.state not in CLOSED_STATES
