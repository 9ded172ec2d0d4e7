"""A legal hold: proposed by one person, placed by another, lifted by one who may place."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import holds, selectors
from cases.desk import outcomes
from cases.desk.forms import DigestForm
from cases.desk.hold_forms import HoldForm
from cases.models import Case, HoldKind
from cases.services import holding
from portal.accounts import policy
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.roles import Perm
from portal.core.errors import Conflict, Invalid


@staff(Perm.CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: StaffRequest, reference: str) -> HttpResponse:
    """What is held and until when; and the form to propose it."""
    case = selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    form = HoldForm(request.POST or None)
    if form.is_valid():
        try:
            holding.propose(request.ctx, case_id=case.pk, **form.cleaned_data)
        except Invalid as error:
            form.add_error("law" if error.code == "hold_law" else "ends_on", error.message)
        else:
            return outcomes.redirect_with("hold-proposed", "desk:hold", reference)
    return _page(request, case, form)


@staff(Perm.HOLD_PLACE)
@require_POST
@step_up
def place(request: StaffRequest, hold_id: UUID) -> HttpResponseBase:
    row = holds.one(request.actor, hold_id, Perm.HOLD_PLACE)
    form = DigestForm(request.POST)
    if not form.is_valid():
        raise Conflict(_("This page is no longer valid. Open the proposal again."), code="digest")
    holding.place(request.ctx, hold_id=row.pk, digest=form.cleaned_data["digest"])
    return outcomes.redirect_with("hold-placed", "desk:hold", row.case.reference)


@staff(Perm.HOLD_PLACE)
@require_POST
@step_up
def lift(request: StaffRequest, hold_id: UUID) -> HttpResponseBase:
    row = holds.one(request.actor, hold_id, Perm.HOLD_PLACE)
    holding.lift(request.ctx, hold_id=row.pk)
    return outcomes.redirect_with("hold-lifted", "desk:hold", row.case.reference)


def _page(request: StaffRequest, case: Case, form: HoldForm) -> HttpResponse:
    rows = holds.of_case(request.actor, case)
    context = {
        "case": case,
        "form": form,
        "holds": [(row, DigestForm(initial={"digest": row.digest})) for row in rows],
        "may_place": policy.allows(request.actor, Perm.HOLD_PLACE, team=case.team_id),
        "may_propose": case.destroyed_at is None and all(row.kind != HoldKind.ORDER for row in rows),
        "outcome": outcomes.sentence(request),
    }
    page = render(request, "cases/desk/hold.html", context)
    if rows:
        holding.note_reading(request.ctx, case_id=case.pk)
    return page
