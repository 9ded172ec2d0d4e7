"""What partners submitted: link it, propose it, or turn it down."""

from __future__ import annotations

from uuid import UUID

from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from cases import selectors
from cases.desk import outcomes, submitted
from cases.desk.forms import ListForm
from cases.desk.partner_forms import LinkForm, RefuseForm
from cases.services import submissions
from hashing.lists.states import Category, Reason
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.roles import Perm
from portal.core.errors import DomainError, NotFound


@staff(Perm.ENTRY_PROPOSE)
@require_safe
def waiting(request: StaffRequest) -> HttpResponse:
    context = {"rows": submitted.waiting(request.actor), "outcome": outcomes.sentence(request)}
    return render(request, "cases/desk/submissions.html", context)


@staff(Perm.ENTRY_PROPOSE)
@require_safe
def submission(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    return _page(request, submitted.one(request.actor, submission_id))


@staff(Perm.ENTRY_PROPOSE)
@require_POST
def link(request: StaffRequest, submission_id: UUID) -> HttpResponseBase:
    found = submitted.one(request.actor, submission_id)
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            case = selectors.case_for(request.actor, form.cleaned_data["reference"], Perm.ENTRY_PROPOSE)
            submissions.link(
                request.ctx,
                submission_id=submission_id,
                case_id=case.pk,
                position=form.cleaned_data["position"],
            )
        except NotFound as error:
            form.add_error("reference", error.message)
        else:
            return outcomes.redirect_with("linked", "desk:submission", submission_id)
    return _page(request, found, link_form=form)


@staff(Perm.ENTRY_PROPOSE)
@require_POST
def propose(request: StaffRequest, submission_id: UUID) -> HttpResponseBase:
    found = submitted.one(request.actor, submission_id)
    if found.picture is None:
        raise NotFound("", code="not_linked")
    form = ListForm(request.POST, case=found.picture.case)
    if not form.is_valid():
        return _page(request, found, form=form)
    return _propose(request, submission_id, form)


@step_up
def _propose(request: StaffRequest, submission_id: UUID, form: ListForm) -> HttpResponseBase:
    try:
        submissions.propose(
            request.ctx,
            submission_id=submission_id,
            list_slug=form.cleaned_data["list_slug"],
            category=Category(form.cleaned_data["category"]),
        )
    except DomainError as error:
        form.add_error("list_slug", error.message)
        return _page(request, submitted.one(request.actor, submission_id), form=form)
    return outcomes.redirect_with("proposed", "desk:submissions")


@staff(Perm.ENTRY_PROPOSE)
@require_POST
def refuse(request: StaffRequest, submission_id: UUID) -> HttpResponseBase:
    found = submitted.one(request.actor, submission_id)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, refuse_form=form)
    submissions.refuse(request.ctx, submission_id=submission_id, reason=Reason(form.cleaned_data["reason"]))
    return outcomes.redirect_with("submission-refused", "desk:submissions")


def _page(
    request: StaffRequest,
    found: submitted.Waiting,
    form: Form | None = None,
    link_form: Form | None = None,
    refuse_form: Form | None = None,
) -> HttpResponse:
    case = found.picture.case if found.picture else None
    context = {
        "found": found,
        "case": case,
        "lines": submitted.lines(found.row),
        "form": form or (ListForm(case=case) if case else None),
        "link_form": link_form or LinkForm(),
        "refuse_form": refuse_form or RefuseForm(),
        "wrong": next((each for each in (form, link_form, refuse_form) if each and each.errors), None),
        "outcome": outcomes.sentence(request),
    }
    return render(request, "cases/desk/submission.html", context)
