"""The four questions, who may ask, and what follows from the answers; and assessments to look at."""

from __future__ import annotations

from dataclasses import dataclass

from cases.models import About, Case
from cases.models.assessment import Answer, Assessment, Basis, Outcome, Proof
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.core.context import Actor

MOST = 100
# What can show that somebody may report, by who they say they are.
PROOFS: dict[str, tuple[Proof, ...]] = {
    About.ME: (Proof.NONE, Proof.WORD, Proof.IDENTITY, Proof.CALL, Proof.VOUCHED),
    About.AUTHORISED: (Proof.NONE, Proof.AUTHORITY, Proof.CALL, Proof.COURT, Proof.VOUCHED),
    About.CHILD: (Proof.NONE, Proof.CARE, Proof.COURT, Proof.VOUCHED),
}


@dataclass(frozen=True)
class Answers:
    """`protected`: is it what the law protects? `depicts`: does it show this person? `unwanted`: no consent,
    or an objection? `exempt`: does an exception of the law apply (police, court, medicine, public interest)?
    """

    basis: Basis
    proof: Proof
    may_report: Answer
    protected: Answer
    depicts: Answer
    unwanted: Answer
    exempt: Answer

    @property
    def outcome(self) -> Outcome:
        """One clear answer against it refuses; anything unclear, or no proof, leaves it open."""
        for_it = (self.may_report, self.protected, self.depicts, self.unwanted)
        if Answer.NO in for_it or self.exempt is Answer.YES:
            return Outcome.REFUSED
        unclear = Answer.UNCLEAR in for_it or self.exempt is Answer.UNCLEAR
        return Outcome.OPEN if unclear or self.proof is Proof.NONE else Outcome.ACCEPTED


def of_case(actor: Actor, case: Case) -> list[Assessment]:
    """Newest first; one query. Reading the reasons opens them: the page records it."""
    policy.require(actor, Perm.CASE_READ, team=case.team_id)
    rows = case.assessments.select_related("by", "reviewed_by")
    return list(rows.order_by("-at", "-pk"))


def to_review(actor: Actor) -> list[Assessment]:
    """Refusals of the viewer's teams whose person answered, oldest first. Nobody reviews their own."""
    policy.require_role(actor, Perm.REFUSAL_REVIEW)
    rows = Assessment.objects.filter(
        case__team__in=actor.teams, review_asked_at__isnull=False, reviewed_at=None
    )
    return list(rows.select_related("case", "by").order_by("review_asked_at", "pk")[:MOST])
