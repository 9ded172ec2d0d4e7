"""The assessment's page: what was answered before, the questions, and a refusal's review by somebody else."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from cases import assessments, locations, selectors
from cases.desk import outcomes
from cases.desk.assessment_forms import AssessmentForm, ReviewForm
from cases.models import Case
from cases.models.assessment import Outcome, Review
from cases.services import assessing
from cases.states import CaseState
from portal.accounts import policy
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.roles import Perm

_SAID = {
    Outcome.ACCEPTED.value: "assessed",
    Outcome.OPEN.value: "assessed-open",
    Outcome.REFUSED.value: "refused",
}


@staff(Perm.CASE_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: StaffRequest, reference: str) -> HttpResponse:
    case = selectors.case_for(request.actor, reference)
    if request.method != "POST":
        return _page(request, case)
    policy.require(request.actor, Perm.CASE_WORK, team=case.team_id)
    form = AssessmentForm(request.POST, case=case)
    if not form.is_valid():
        return _page(request, case, form=form)
    values = form.cleaned_data
    row = assessing.assess(
        request.ctx,
        case_id=case.pk,
        answers=form.answers,
        reasons=values["reasons"],
        letter=values["letter"],
    )
    return outcomes.redirect_with(_SAID[row.outcome], "desk:assessment", reference)


@staff(Perm.REFUSAL_REVIEW)
@require_POST
def review(request: StaffRequest, reference: str) -> HttpResponseBase:
    case = selectors.case_for(request.actor, reference, Perm.REFUSAL_REVIEW)
    form = ReviewForm(request.POST)
    return _decide(request, case, form) if form.is_valid() else _page(request, case, review_form=form)


@step_up
def _decide(request: StaffRequest, case: Case, form: ReviewForm) -> HttpResponseBase:
    form.is_valid()
    values = form.cleaned_data
    verdict = Review(values["verdict"])
    assessing.review(
        request.ctx, case_id=case.pk, verdict=verdict, reasons=values["reasons"], letter=values["letter"]
    )
    return outcomes.redirect_with("reviewed", "desk:assessment", case.reference)


def _page(
    request: StaffRequest,
    case: Case,
    *,
    form: AssessmentForm | None = None,
    review_form: ReviewForm | None = None,
) -> HttpResponse:
    """Why it was answered so is opened here, which is recorded."""
    rows = assessments.of_case(request.actor, case)
    newest = rows[0] if rows else None
    refused = case.state == CaseState.DECLINED and newest is not None and newest.outcome == Outcome.REFUSED
    reviews = policy.allows(request.actor, Perm.REFUSAL_REVIEW, team=case.team_id)
    works = policy.allows(request.actor, Perm.CASE_WORK, team=case.team_id)
    own = newest is not None and newest.by_id == request.user.pk
    to_review = refused and newest is not None and newest.reviewed_at is None
    context = {
        "case": case,
        "assessments": rows,
        "form": form or AssessmentForm(case=case),
        "review_form": (review_form or ReviewForm()) if to_review and reviews and not own else None,
        "own_refusal": to_review and own,
        "may_assess": works and locations.is_open(case) and case.child_suspected_at is None,
        "outcome": outcomes.sentence(request),
    }
    page = render(request, "cases/desk/assessment.html", context)
    if rows:
        assessing.note_reading(request.ctx, case_id=case.pk)
    return page
