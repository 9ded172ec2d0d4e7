"""Assessments: what follows from the answers, refusals in writing, and their review by somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from cases import assessments
from cases.assessments import Answers
from cases.models import Assessment, Case, CaseMessage
from cases.models.assessment import Answer, Basis, Outcome, Proof, Review
from cases.services import child, messaging
from cases.services.assessing import assess, review
from cases.services.desk_keys import open_case_key
from cases.services.withdrawal import Scope, withdraw
from cases.states import CaseState
from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from portal.notify.models import Message
from tests.cases.services.conftest import Desk
from tests.cases.services.test_locations import entries
from tests.factories import ctx_of, make_staff

WHY = "They showed who they are in a call."
LETTER = "It does not show you, so we may not act on it."


def answers(**changes: object) -> Answers:
    values: dict[str, object] = {
        "basis": Basis.COMPLAINT,
        "proof": Proof.WORD,
        "may_report": Answer.YES,
        "protected": Answer.YES,
        "depicts": Answer.YES,
        "unwanted": Answer.YES,
        "exempt": Answer.NO,
    }
    return Answers(**(values | changes))  # type: ignore[arg-type]  # any field


def refused(desk: Desk, ctx: Context | None = None) -> Assessment:
    return assess(
        ctx or desk.caseworker,
        case_id=desk.case.pk,
        answers=answers(depicts=Answer.NO),
        reasons=WHY,
        letter=LETTER,
    )


def reviewed(desk: Desk, ctx: Context, verdict: Review = Review.OVERTURNED) -> Assessment:
    return review(ctx, case_id=desk.case.pk, verdict=verdict, reasons=WHY, letter="We looked again.")


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, Outcome.ACCEPTED),
        ({"basis": Basis.OBJECTION}, Outcome.ACCEPTED),
        ({"proof": Proof.NONE}, Outcome.OPEN),
        ({"depicts": Answer.UNCLEAR}, Outcome.OPEN),
        ({"exempt": Answer.UNCLEAR}, Outcome.OPEN),
        ({"exempt": Answer.YES}, Outcome.REFUSED),
        ({"may_report": Answer.NO}, Outcome.REFUSED),
        ({"protected": Answer.NO}, Outcome.REFUSED),
        ({"unwanted": Answer.NO, "depicts": Answer.UNCLEAR}, Outcome.REFUSED),
    ],
)
def test_what_follows_is_not_a_choice(changes: dict[str, object], outcome: Outcome) -> None:
    assert answers(**changes).outcome is outcome


def test_an_accepted_case_is_on_record(desk: Desk) -> None:
    row = assess(desk.caseworker, case_id=desk.case.pk, answers=answers(), reasons=f"  {WHY} ")
    kept = Assessment.objects.get()
    assert (kept.outcome, kept.reasons, kept.written_at, str(kept.by_id)) == (
        "accepted",
        WHY,
        None,
        desk.caseworker.actor.id,
    )
    said = {"assessment": str(row.pk), "outcome": "accepted", "basis": "complaint", "proof": "word"}
    assert entries("case.assessed") == [said]
    assert (desk.fresh().state, CaseMessage.objects.count()) == ("new", 0)
    later = assess(desk.supervisor, case_id=desk.case.pk, answers=answers(proof=Proof.NONE), reasons=WHY)
    assert assessments.of_case(desk.caseworker.actor, desk.case) == [later, kept]


def test_a_refusal_is_written_to_the_person_in_their_language_and_declines(desk: Desk) -> None:
    Case.objects.update(language="es", contact_verified_at=clock.now())
    row = refused(desk)
    case = desk.fresh()
    assert (case.state, row.written_at) == (CaseState.DECLINED, desk.caseworker.at)
    letter = messaging.own(case, open_case_key(case))[0].body
    front, way_on = letter.split("\n\n")
    assert front == LETTER
    assert way_on.startswith("Si crees que")
    assert Message.objects.count() == 1  # one neutral notice, not one for the letter and one for the state
    moved = {"before": "new", "after": "declined"}
    assert entries("case.moved") == [moved]
    assert entries("case.message_written") == [{"message": str(CaseMessage.objects.get().pk)}]


def test_the_person_answers_and_somebody_else_looks_again(desk: Desk) -> None:
    row = refused(desk)
    assert assessments.to_review(desk.supervisor.actor) == []
    messaging.write(Context.person(desk.case.pk), case_id=desk.case.pk, body="It is me.")
    messaging.write(Context.person(desk.case.pk), case_id=desk.case.pk, body="Really.")
    assert entries("case.refusal_disputed") == [{"assessment": str(row.pk)}]
    assert assessments.to_review(desk.supervisor.actor) == [row]
    assert assessments.to_review(desk.outsider.actor) == []
    with pytest.raises(NotAllowed):
        assessments.to_review(desk.caseworker.actor)
    reviewed(desk, desk.supervisor)
    assert (desk.fresh().state, assessments.to_review(desk.supervisor.actor)) == ("reopened", [])
    assert entries("case.refusal_reviewed") == [{"assessment": str(row.pk), "outcome": "overturned"}]
    assess(desk.caseworker, case_id=desk.case.pk, answers=answers(), reasons=WHY)


def test_a_refusal_that_stands(desk: Desk) -> None:
    refused(desk)
    row = reviewed(desk, desk.supervisor, Review.UPHELD)
    assert (row.review, desk.fresh().state) == ("upheld", "declined")
    assert CaseMessage.objects.filter(sender="agency").count() == 2
    with pytest.raises(Conflict):
        reviewed(desk, ctx_of(make_staff(Role.SUPERVISOR, [desk.case.team])))


def test_what_nobody_may(desk: Desk) -> None:
    case_id = desk.case.pk
    refused(desk, desk.supervisor)
    acts: list[tuple[Callable[[], object], type[DomainError], str]] = [
        (lambda: reviewed(desk, desk.supervisor), NotAllowed, "own_refusal"),
        (lambda: reviewed(desk, desk.caseworker), NotAllowed, "not_allowed"),
        (lambda: reviewed(desk, desk.outsider), NotFound, "no_such_case"),
        (
            lambda: assess(desk.caseworker, case_id=case_id, answers=answers(), reasons=WHY),
            Conflict,
            "case_closed",
        ),
        (
            lambda: assess(desk.auditor, case_id=case_id, answers=answers(), reasons=WHY),
            NotAllowed,
            "not_allowed",
        ),
        (
            lambda: assess(desk.outsider, case_id=case_id, answers=answers(), reasons=WHY),
            NotFound,
            "no_such_case",
        ),
    ]
    before = Entry.objects.count()
    for act, error, code in acts:
        with pytest.raises(error) as found:
            act()
        assert found.value.code == code
    assert (Entry.objects.count(), Assessment.objects.get().review, desk.fresh().state) == (
        before,
        "",
        "declined",
    )
    for broken in (
        {"reviewed_by": desk.supervisor.actor.id, "reviewed_at": clock.now(), "review": "upheld"},
        {"written_at": None},
        {"outcome": "accepted", "written_at": None},
        {"depicts": "yes"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Assessment.objects.update(**broken)


def test_what_is_incomplete_or_locked(desk: Desk) -> None:
    wrong: list[tuple[Answers, str, str]] = [
        (answers(proof=Proof.CARE), WHY, "assessment_proof"),
        (answers(), "short", "assessment_reasons"),
        (answers(exempt=Answer.YES), WHY, "refusal_unwritten"),
    ]
    for given, reasons, code in wrong:
        with pytest.raises(Invalid) as found:
            assess(desk.caseworker, case_id=desk.case.pk, answers=given, reasons=reasons)
        assert found.value.code == code
    with pytest.raises(NotFound):
        reviewed(desk, desk.supervisor)
    system = Context.system("test")
    child.suspect(system, case_id=desk.case.pk)
    with pytest.raises(Conflict):
        refused(desk, ctx_of(make_staff(Role.CASEWORKER, [desk.fresh().team])))
    assert (Assessment.objects.count(), entries("case.assessed")) == (0, [])


def test_what_was_written_goes_with_the_case(desk: Desk) -> None:
    refused(desk)
    reviewed(desk, desk.supervisor, Review.UPHELD)
    withdraw(Context.person(desk.case.pk), case_id=desk.case.pk, scope=Scope.EVERYTHING)
    row = Assessment.objects.get()
    assert (row.outcome, row.review, row.reasons, row.review_reasons) == ("refused", "upheld", "", "")
