"""Which cases may belong to this one, and which do: as far as the viewer's teams may know.

A case of another team is neither suggested nor shown, nor counted; nor is anything where a child is
suspected, but to the team that has it. Indexes are 40 bits: what they find is a
suggestion, and a person confirms it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases import elsewhere
from cases.models import Case, CaseLink, Handle, LinkDecision, LinkKind, Location
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.core.context import Actor

MOST = 50


@dataclass(frozen=True)
class Suggestion:
    """Another case of the viewer's teams, and what it has in common with this one."""

    case: Case
    kinds: tuple[LinkKind, ...]

    @property
    def words(self) -> list[str]:
        return [str(kind.label) for kind in self.kinds]


@dataclass(frozen=True)
class Linked:
    link: CaseLink
    case: Case

    @property
    def words(self) -> list[str]:
        return [str(LinkKind(kind).label) for kind in self.link.kinds]


def of_case(actor: Actor, case: Case, decision: LinkDecision = LinkDecision.LINKED) -> list[Linked]:
    """The other cases of pairs that somebody decided on and that the viewer may see; one query."""
    policy.require(actor, Perm.CASE_READ, team=case.team_id)
    mine = Q(first=case, second__team__in=actor.teams) | Q(second=case, first__team__in=actor.teams)
    rows = CaseLink.objects.filter(mine, ended_at=None, decision=decision).select_related("first", "second")
    return [
        Linked(row, row.second if row.first_id == case.pk else row.first)
        for row in rows.order_by("at", "pk")[:MOST]
    ]


def suggested(actor: Actor, case: Case, places: Iterable[elsewhere.Place] | None = None) -> list[Suggestion]:
    """Cases that nobody has decided on yet, oldest first; a fixed number of queries.

    `places` are elsewhere.of_case's, where the caller has them already.
    """
    policy.require(actor, Perm.CASE_READ, team=case.team_id)
    if case.child_suspected_at is not None:
        return []
    kinds = _common(actor, case, places)
    decided = CaseLink.objects.filter(Q(first=case) | Q(second=case), ended_at=None)
    known = {pk for pair in decided.values_list("first", "second") for pk in pair}
    found = _near(actor, case).filter(pk__in=kinds.keys() - known).order_by("opened_at", "pk")[:MOST]
    return [Suggestion(each, tuple(kind for kind in LinkKind if kind in kinds[each.pk])) for each in found]


def in_common(actor: Actor, case: Case, other: Case) -> list[LinkKind]:
    """What two cases of the viewer's teams have in common, by what is recorded."""
    found = _common(actor, case, None).get(other.pk, set())
    return [kind for kind in LinkKind if kind in found]


def handles(actor: Actor, case: Case) -> list[Handle]:
    policy.require(actor, Perm.CASE_READ, team=case.team_id)
    return list(case.handles.select_related("added_by").order_by("added_at", "pk"))


def _near(actor: Actor, case: Case) -> QuerySet[Case]:
    rows = Case.objects.filter(team__in=actor.teams, child_suspected_at=None, destroyed_at=None)
    return rows.exclude(pk=case.pk)


def _common(
    actor: Actor, case: Case, places: Iterable[elsewhere.Place] | None
) -> defaultdict[UUID, set[LinkKind]]:
    """By case of the viewer's teams: what it has in common with this one."""
    if places is None:
        places = [place for found in elsewhere.of_case(actor, case).values() for place in found]
    pages = case.locations.exclude(url_index="").values("url_index")
    here = Handle.objects.filter(case=case, platform=OuterRef("platform"), name_index=OuterRef("name_index"))
    near = _near(actor, case)
    found: dict[LinkKind, Iterable[UUID]] = {
        LinkKind.PICTURE: [place.case.pk for place in places if place.case is not None],
        LinkKind.PAGE: _cases(near, Location.objects.filter(url_index__in=pages)),
        LinkKind.HANDLE: _cases(near, Handle.objects.filter(Exists(here))),
        LinkKind.CONTACT: _same_contact(near, case),
    }
    kinds: defaultdict[UUID, set[LinkKind]] = defaultdict(set)
    for kind, ids in found.items():
        for pk in ids:
            kinds[pk].add(kind)
    return kinds


def _cases(near: QuerySet[Case], rows: QuerySet[Location] | QuerySet[Handle]) -> Iterable[UUID]:
    holding = rows.values_list("case", flat=True)
    return near.filter(pk__in=holding).values_list("pk", flat=True)[:MOST]


def _same_contact(near: QuerySet[Case], case: Case) -> Iterable[UUID]:
    if case.contact_index is None:
        return ()
    return near.filter(contact_index=case.contact_index).values_list("pk", flat=True)[:MOST]
