"""From what is recorded of a case to how urgent it is: explicit reasons, and the most urgent one decides."""

from __future__ import annotations

from collections.abc import Iterable

from cases.models import AgeRoute, Case, Circumstance, Priority, TriageReason

SEVERAL = 3  # places
BY_REASON: dict[TriageReason, Priority] = {
    TriageReason.DANGER: Priority.NOW,
    TriageReason.CHILD: Priority.NOW,
    TriageReason.EXTORTION: Priority.NOW,
    TriageReason.THREAT: Priority.TODAY,
    TriageReason.SPREAD: Priority.TODAY,
    TriageReason.CLOCK: Priority.TODAY,
}


def reasons(case: Case, *, places: int, due_soon: bool) -> list[TriageReason]:
    """Every reason that holds, most urgent first."""
    holds = {
        TriageReason.DANGER: case.in_danger,
        TriageReason.CHILD: case.child_suspected_at is not None
        or case.age_route in {AgeRoute.MINOR, AgeRoute.UNSURE},
        TriageReason.EXTORTION: Circumstance.MONEY in case.circumstances,
        TriageReason.THREAT: Circumstance.THREATENED in case.circumstances,
        TriageReason.SPREAD: places >= SEVERAL,
        TriageReason.CLOCK: due_soon,
    }
    return [reason for reason in TriageReason if holds[reason]]


def priority(found: Iterable[TriageReason]) -> Priority:
    return min((BY_REASON[reason] for reason in found), default=Priority.USUAL)
