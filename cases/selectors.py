"""What the desk may see of cases: every selector takes the viewer, and what is out of reach is NotFound."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from cases.models import Case, CasePicture, Consent, Location
from cases.services.loading import no_such_case
from cases.services.opening import contact_index
from cases.states import CaseState
from hashing.lists.models import Entry
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.agency import selectors as agency
from portal.audit.models import Entry as AuditEntry
from portal.core import references
from portal.core.context import Actor
from portal.core.errors import Invalid
from portal.vault.models import Rendition, RenditionKind
from portal.verify import contacts


@dataclass(frozen=True)
class PictureRow:
    """One picture as the desk shows it; `preview` is for cases.services.reviewing.preview."""

    row: CasePicture
    preview: Rendition | None
    entries: tuple[Entry, ...]
    locked: bool  # a child is suspected: nothing can be opened or proposed


def visible(actor: Actor) -> QuerySet[Case]:
    """The cases of the viewer's teams; none for a role that reads no cases."""
    policy.require_role(actor, Perm.CASE_READ)
    return Case.objects.filter(team__in=actor.teams).select_related("team", "assignee")


def queue(
    actor: Actor, *, state: CaseState | None = None, mine: bool = False, unassigned: bool = False
) -> QuerySet[Case]:
    """Cases of the viewer's teams, oldest first; without a state: all that are not closed."""
    cases = visible(actor).order_by("opened_at", "pk")
    cases = cases.filter(state=state) if state else cases.filter(closed_at=None)
    if mine:
        cases = cases.filter(assignee=UUID(actor.id))
    return cases.filter(assignee=None) if unassigned else cases


def case_for(actor: Actor, reference: str, perm: Perm = Perm.CASE_READ) -> Case:
    """The case, or NotFound when there is none or it is another team's; NotAllowed without `perm`."""
    case = visible(actor).filter(reference=references.normalise(reference)).first()
    if case is None:
        raise no_such_case()
    policy.require(actor, perm, team=case.team_id)
    return case


def find_by_contact(actor: Actor, typed: str) -> QuerySet[Case]:
    """Cases of the viewer's teams whose contact may be this one (a 40-bit index: look before you act).

    Raises Invalid when it is neither an email address nor a telephone number.
    """
    try:
        contact = contacts.email(typed)
    except Invalid:
        contact = contacts.phone(typed, country=agency.current().jurisdiction)
    return visible(actor).filter(contact_index=contact_index(contact)).order_by("opened_at", "pk")


def pictures(actor: Actor, case: Case) -> list[PictureRow]:
    """All pictures of a case, in four queries however many there are."""
    policy.require(actor, Perm.CASE_READ, team=case.team_id)
    rows = list(case.pictures.select_related("picture").order_by("position"))
    ids = [row.picture_id for row in rows]
    previews = {
        rendition.picture_id: rendition
        for rendition in Rendition.objects.filter(
            picture__in=ids, kind=RenditionKind.PREVIEW, shredded_at=None
        )
    }
    entries: defaultdict[UUID, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(picture_id__in=ids).select_related("list").order_by("proposed_at"):
        entries[entry.picture_id].append(entry)
    locked = case.child_suspected_at is not None
    return [
        PictureRow(
            row, None if locked else previews.get(row.picture_id), tuple(entries[row.picture_id]), locked
        )
        for row in rows
    ]


def locations(actor: Actor, case: Case) -> QuerySet[Location]:
    policy.require(actor, Perm.CASE_READ, team=case.team_id)
    return case.locations.order_by("position")


def consents(actor: Actor, case: Case) -> QuerySet[Consent]:
    policy.require(actor, Perm.CASE_READ, team=case.team_id)
    return case.consents.order_by("given_at", "pk")


def timeline(actor: Actor, case: Case) -> QuerySet[AuditEntry]:
    """Audit entries of the case, its pictures and their entries, newest first."""
    policy.require(actor, Perm.CASE_READ, team=case.team_id)
    return AuditEntry.objects.filter(about(case)).order_by("-at", "-id")


def about(case: Case) -> Q:
    """Which audit entries are about a case, its locations, pictures or entries; the caller asks who may."""
    ids = list(case.pictures.values_list("picture_id", flat=True))
    entries = Entry.objects.filter(picture_id__in=ids).values_list("pk", flat=True)
    places = case.locations.values_list("pk", flat=True)
    held = case.holds.values_list("pk", flat=True)
    letters = case.notices.values_list("pk", flat=True)
    return (
        Q(subject_type="case", subject_id=str(case.pk))
        | Q(subject_type="hold", subject_id__in=[str(pk) for pk in held])
        | Q(subject_type="notice", subject_id__in=[str(pk) for pk in letters])
        | Q(subject_type="location", subject_id__in=[str(pk) for pk in places])
        | Q(subject_type="picture", subject_id__in=[str(pk) for pk in ids])
        | Q(subject_type="entry", subject_id__in=[str(pk) for pk in entries])
    )
