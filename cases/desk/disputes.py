"""Quarantine at the desk: two people judge, from the partners' reports and the outlines of the matches."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.desk import disputed, outcomes
from cases.desk.forms import DigestForm
from cases.desk.partner_forms import OutcomeForm
from cases.services import disputing
from hashing.lists.models.quarantine import Outcome
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.roles import Perm
from portal.core.errors import Conflict


@staff(Perm.CASE_READ)
@require_safe
def waiting(request: StaffRequest) -> HttpResponse:
    context = {"disputes": disputed.waiting(request.actor), "outcome": outcomes.sentence(request)}
    return render(request, "cases/desk/disputes.html", context)


@staff(Perm.CASE_READ)
@require_safe
def dispute(request: StaffRequest, quarantine_id: UUID) -> HttpResponse:
    return _page(request, disputed.one(request.actor, quarantine_id), None)


@staff(Perm.ENTRY_PROPOSE)
@require_POST
def propose(request: StaffRequest, quarantine_id: UUID) -> HttpResponseBase:
    found = disputed.one(request.actor, quarantine_id)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    disputing.propose_outcome(
        request.ctx,
        quarantine_id=quarantine_id,
        outcome=Outcome(form.cleaned_data["outcome"]),
        digest=form.cleaned_data["digest"],
    )
    return outcomes.redirect_with("judged", "desk:disputes")


@staff(Perm.ENTRY_APPROVE)
@require_POST
@step_up
def decide(request: StaffRequest, quarantine_id: UUID) -> HttpResponseBase:
    disputed.one(request.actor, quarantine_id)
    form = DigestForm(request.POST)
    if not form.is_valid():
        raise Conflict(_("This page is no longer valid. Open it again."), code="digest")
    entry = disputing.decide_outcome(
        request.ctx, quarantine_id=quarantine_id, digest=form.cleaned_data["digest"]
    )
    return outcomes.redirect_with(f"{entry.state}-again", "desk:disputes")


def _page(request: StaffRequest, found: disputed.Dispute, form: OutcomeForm | None) -> HttpResponse:
    context = {
        "dispute": found,
        "lines": disputed.reports(found.found),
        "form": form or OutcomeForm(initial={"digest": found.first_digest}),
        "digest_form": DigestForm(initial={"digest": found.digest}),
    }
    return render(request, "cases/desk/dispute.html", context)
