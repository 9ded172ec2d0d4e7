"""The second person's decision: they see exactly what would be listed, and decide on that alone."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import assessments, holds
from cases.desk import fingerprints, outcomes, proposals, shown
from cases.desk.forms import DigestForm, RejectForm
from cases.notices import selectors as notices
from cases.services import reviewing
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.roles import Perm
from portal.core.errors import Conflict


@staff(Perm.ENTRY_APPROVE)
@require_safe
def waiting(request: StaffRequest) -> HttpResponse:
    context = {
        "proposals": proposals.waiting(request.actor),
        "notices": notices.waiting(request.actor),
        "refusals": assessments.to_review(request.actor),
        "holds": holds.waiting(request.actor),
        "outcome": outcomes.sentence(request),
    }
    return render(request, "cases/desk/approvals.html", context)


@staff(Perm.ENTRY_APPROVE)
@require_safe
def proposal(request: StaffRequest, entry_id: UUID) -> HttpResponse:
    return _page(request, proposals.one(request.actor, entry_id), RejectForm())


@staff(Perm.ENTRY_APPROVE)
@require_POST
@step_up
def approve(request: StaffRequest, entry_id: UUID) -> HttpResponseBase:
    found = proposals.one(request.actor, entry_id)
    form = DigestForm(request.POST)
    if not form.is_valid():
        raise Conflict(_("This page is no longer valid. Open the proposal again."), code="digest")
    reviewing.approve(
        request.ctx, case_id=found.picture.case_id, entry_id=entry_id, digest=form.cleaned_data["digest"]
    )
    return outcomes.redirect_with("approved", "desk:approvals")


@staff(Perm.ENTRY_APPROVE)
@require_POST
def reject(request: StaffRequest, entry_id: UUID) -> HttpResponseBase:
    found = proposals.one(request.actor, entry_id)
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    return _reject(request, found, form.cleaned_data["reason"])


@step_up
def _reject(request: StaffRequest, found: proposals.Proposal, reason: str) -> HttpResponseBase:
    reviewing.reject(request.ctx, case_id=found.picture.case_id, entry_id=found.entry.pk, reason=reason)
    return outcomes.redirect_with("rejected", "desk:approvals")


def _page(request: StaffRequest, found: proposals.Proposal, form: RejectForm) -> HttpResponse:
    context = {
        "proposal": found,
        "case": found.picture.case,
        "position": found.picture.position,
        "shown": shown.of(request.ctx, found.picture),
        "lines": fingerprints.of_entry(found.entry),
        "digest_form": DigestForm(initial={"digest": found.entry.digest}),
        "form": form,
    }
    return render(request, "cases/desk/proposal.html", context)
