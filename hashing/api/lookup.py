"""Looking fingerprints up in the lists that a partner is entitled to. What was asked is kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from hashing.api import probing
from hashing.fingerprints.asked import Asked
from hashing.lists.models import Entitlement, Partner
from hashing.lists.refusals import NotEntitled
from hashing.lists.states import NEEDS_TWO, VERIFICATION, Rule, Wire
from hashing.matching import service
from hashing.matching.answers import Decision, How
from hashing.matching.service import Found, Scope
from portal.audit import Subject, Verb, record
from portal.core.context import Context

# More than anyone can act on would only show how the list hangs together.
MOST_MATCHES = 10


@dataclass(frozen=True)
class Question:
    """One upload: `name` is the caller's, `values` what is asked, for counting what is new."""

    name: str
    asked: Asked
    values: Sequence[str]

    @property
    def fingerprints(self) -> int:
        return len(self.values)


def answer(
    ctx: Context, *, partner: Partner, slugs: Sequence[str] | None, questions: Sequence[Question]
) -> list[dict[str, Any]]:
    """An answer per question, in order. Raises Unavailable, TooMany and NotEntitled; counts are recorded."""
    total = sum(each.fingerprints for each in questions)
    given = _entitled(partner, slugs)
    probing.check(ctx, partner, total)
    scope = Scope(lists=frozenset(given))
    answers = [_answer(each, service.find(each.asked, scope), given) for each in questions]
    decisions = [str(each["decision"]) for each in answers]
    missed = [each for each, said in zip(questions, decisions, strict=True) if said == Decision.NONE]
    with transaction.atomic():
        probing.count(ctx, partner, fingerprints=total, decisions=decisions)
        subject = Subject("partner", partner.pk)
        counts = {str(each): decisions.count(each) for each in Decision}
        record(ctx, Verb.LIST_ASKED, subject, fingerprints=total, **counts)
    probing.note_misses(ctx, partner, (value for each in missed for value in each.values))
    return answers


def _entitled(partner: Partner, slugs: Sequence[str] | None) -> dict[UUID, Entitlement]:
    """By list: those that were named, or all. Raises NotEntitled for one that isn't there."""
    rows = Entitlement.objects.filter(partner=partner).select_related("list")
    given = {each.list.slug: each for each in rows}
    wanted = list(given) if slugs is None else slugs
    if not set(wanted) <= set(given):
        message = "There is no list of that name that you are entitled to."
        refusal = NotEntitled(message, code="no_such_list")
        raise refusal.because(partner_id=partner.pk, wire=Wire.NATIVE, reason="entitlement")
    return {given[slug].list_id: given[slug] for slug in wanted}


def _answer(question: Question, found: Sequence[Found], given: Mapping[UUID, Entitlement]) -> dict[str, Any]:
    matches = [match for each in found for match in _matches(each, given)][:MOST_MATCHES]
    decisions = {match["decision"] for match in matches}
    best = next((each for each in (Decision.COPY, Decision.LOOK) if each in decisions), Decision.NONE)
    return {"id": question.name, "decision": best.value, "matches": matches}


def _matches(found: Found, given: Mapping[UUID, Entitlement]) -> list[dict[str, Any]]:
    """What of a picture's listings this partner is told."""
    shown = [given[each.list_id] for each in found.listings]
    return [
        {
            "entry": str(listing.entry_id),
            "list": entitlement.list.slug,
            "verification": VERIFICATION[Rule(entitlement.rule)],
            "reviewed": entitlement.rule in NEEDS_TWO,
            "decision": found.decision.value,
            "how": found.how.value,
            "distance": found.distance if found.how is not How.EXACT else 0,
            "score": found.score,
            "region": list(found.region) if found.region else None,
        }
        for listing, entitlement in zip(found.listings, shown, strict=True)
        if _told(found, entitlement)
    ]


def _told(found: Found, entitlement: Entitlement) -> bool:
    if found.decision is Decision.LOOK and not entitlement.looks:
        return False
    furthest = entitlement.list.distances.get("pdq", 0)
    return found.how is not How.PDQ or (found.distance or 0) <= furthest
