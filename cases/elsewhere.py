"""Where else a picture is: in which other cases and on which lists, as far as the viewer may know.

A case of one's own teams is named. Of another team's, those whose role has `match.elsewhere` learn that there
is one, and nothing more; of a restricted team's nobody outside it learns anything. Where a child is suspected
there are no matches at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from cases.models import Case, CasePicture
from hashing.lists.models import List
from hashing.lists.states import Rule
from hashing.matching import source
from hashing.matching.answers import Decision, How
from hashing.matching.models import Resemblance
from hashing.matching.outline import Box
from hashing.matching.searches import Match
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.core.context import Actor


@dataclass(frozen=True)
class Place:
    """A case or lists where a picture is. case and position: None for another team's, and for lists alone.

    region: which part of the picture that was asked about matched, in its own pixels.
    """

    decision: Decision
    how: How
    region: Box | None
    case: Case | None = None
    position: int | None = None
    lists: tuple[str, ...] = ()

    @property
    def is_copy(self) -> bool:
        return self.decision is Decision.COPY

    @property
    def is_other_team(self) -> bool:
        return self.case is None and not self.lists


def of_case(actor: Actor, case: Case) -> dict[UUID, list[Place]]:
    """By picture of a case that the viewer may see: the other cases that have it too, and the lists."""
    places: defaultdict[UUID, list[Place]] = defaultdict(list)
    if case.child_suspected_at is not None:
        return places
    own = set(case.pictures.values_list("picture_id", flat=True))
    pairs = _pairs(own)
    known = _Known(actor, {other for _picture, other in pairs})
    for (picture, other), row in pairs.items():
        region = _box(row.region) if row.picture_id == picture else None
        about = (other, Decision(row.decision), How(row.how), region)
        if place := known.in_case(*about) or known.on_lists(*about):
            places[picture].append(place)
    return places


def of_matches(actor: Actor, matches: Sequence[Match]) -> list[Place]:
    """Where the matches of a search are, in their order."""
    known = _Known(actor, [match.picture_id for match in matches])
    places = []
    for match in matches:
        about = (match.picture_id, match.decision, match.how, match.region)
        if place := known.in_case(*about) or known.on_lists(*about):
            places.append(place)
    return places


def _pairs(own: Collection[UUID]) -> dict[tuple[UUID, UUID], Resemblance]:
    """(a picture of these, one that is not): the row that says most of the first."""
    rows = Resemblance.objects.filter(Q(picture__in=own) | Q(other__in=own)).order_by("-score", "pk")
    pairs: dict[tuple[UUID, UUID], Resemblance] = {}
    for row in rows:
        for picture, other in ((row.picture_id, row.other_id), (row.other_id, row.picture_id)):
            if picture in own and other not in own:
                known = pairs.get((picture, other))
                if known is None or (known.picture_id != picture and row.picture_id == picture):
                    pairs[picture, other] = row
    return pairs


def _box(region: list[int] | None) -> Box | None:
    return (region[0], region[1], region[2], region[3]) if region else None


class _Known:
    """What the viewer may know of some pictures that still stand; four queries however many there are."""

    def __init__(self, actor: Actor, picture_ids: Collection[UUID]) -> None:
        self.actor = actor
        self.standing = source.standing(picture_ids)
        rows = CasePicture.objects.filter(picture_id__in=self.standing).select_related("case__team")
        self.rows = {row.picture_id: row for row in rows}
        self.lists = {found.pk: found for found in List.objects.all()} if self.standing else {}

    def in_case(self, picture: UUID, decision: Decision, how: How, region: Box | None) -> Place | None:
        row = self.rows.get(picture)
        if row is None or row.case.child_suspected_at is not None:
            return None
        if row.case.team_id in self.actor.teams:
            return Place(decision, how, region, row.case, row.position, self._names(picture))
        elsewhere = policy.holds(self.actor, Perm.MATCH_ELSEWHERE)
        return None if row.case.team.restricted or not elsewhere else Place(decision, how, region)

    def on_lists(self, picture: UUID, decision: Decision, how: How, region: Box | None) -> Place | None:
        """An entry that is no case's, such as a partner's submission."""
        if picture in self.rows or picture not in self.standing:
            return None
        names = self._names(picture)
        return Place(decision, how, region, lists=names) if names else None

    def _names(self, picture: UUID) -> tuple[str, ...]:
        on = [self.lists[each.list_id] for each in self.standing[picture].listings]
        hidden = picture not in self.rows
        unsaid = {Rule.SANDBOX, Rule.RESTRICTED} if hidden else {Rule.SANDBOX}
        return tuple(each.name for each in on if each.rule not in unsaid)
