"""What has been kept long enough: two people look at it, then it goes."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import disposals
from cases.desk import outcomes
from cases.desk.disposal_forms import DisposalForm
from cases.desk.forms import DigestForm
from cases.services import disposing
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.roles import Perm
from portal.agency import selectors as agency
from portal.core.errors import Conflict, Invalid


@staff(Perm.CASE_DISPOSE)
@require_safe
def waiting(request: StaffRequest) -> HttpResponse:
    context = {
        "teams": disposals.of_teams(request.ctx),
        "decided": disposals.decided(request.ctx),
        "review_days": agency.current().disposal_review_days,
        "outcome": outcomes.sentence(request),
    }
    return render(request, "cases/desk/disposals.html", context)


@staff(Perm.CASE_DISPOSE)
@require_POST
def propose(request: StaffRequest) -> HttpResponse:
    form = DisposalForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose between 1 and 100 cases."), code="disposal_size")
    chosen = form.cleaned_data
    disposing.propose(request.ctx, team_id=chosen["team"], case_ids=chosen["cases"])
    return outcomes.redirect_with("disposal-proposed", "desk:disposals")


@staff(Perm.CASE_DISPOSE)
@require_POST
@step_up
def approve(request: StaffRequest, disposal_id: UUID) -> HttpResponseBase:
    batch = disposals.one(request.ctx, disposal_id)
    form = DigestForm(request.POST)
    if not form.is_valid():
        raise Conflict(_("This page is no longer valid. Open it again."), code="digest")
    disposing.approve(request.ctx, disposal_id=batch.pk, digest=form.cleaned_data["digest"])
    return outcomes.redirect_with("disposed", "desk:disposals")


@staff(Perm.CASE_DISPOSE)
@require_POST
def turn_down(request: StaffRequest, disposal_id: UUID) -> HttpResponse:
    disposing.turn_down(request.ctx, disposal_id=disposal_id)
    return outcomes.redirect_with("disposal-turned-down", "desk:disposals")
