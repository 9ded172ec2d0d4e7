"""What the desk may see of cases: every selector takes the viewer, and what is out of reach is NotFound."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from cases.models import Case, CasePicture, Location
from cases.states import CaseState
from hashing.lists.models import Entry
from portal.accounts.roles import Perm
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Actor
from portal.vault.models import Rendition


@dataclass(frozen=True)
class PictureRow:
    """One picture as the desk shows it."""

    row: CasePicture
    preview: Rendition | None
    entries: tuple[Entry, ...]
    locked: bool  # a child is suspected: nothing can be opened or proposed


def queue(
    actor: Actor, *, state: CaseState | None = None, mine: bool = False, unassigned: bool = False
) -> QuerySet[Case]:
    """Cases of the viewer's teams, oldest first; without a state: all that are not closed."""
    raise NotImplementedError


def case_for(actor: Actor, reference: str, perm: Perm = Perm.CASE_READ) -> Case:
    """The case, or NotFound when there is none, it is another team's, or the role does not have `perm`."""
    raise NotImplementedError


def find_by_contact(actor: Actor, typed: str) -> QuerySet[Case]:
    """Cases of the viewer's teams whose contact may be this one (a 40-bit index: look before you act)."""
    raise NotImplementedError


def pictures(actor: Actor, case: Case) -> list[PictureRow]:
    raise NotImplementedError


def locations(actor: Actor, case: Case) -> QuerySet[Location]:
    raise NotImplementedError


def timeline(actor: Actor, case: Case) -> QuerySet[AuditEntry]:
    """Audit entries of the case, its pictures and their entries, newest first."""
    raise NotImplementedError
