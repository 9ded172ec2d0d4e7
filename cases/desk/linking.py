"""Cases that belong together: what is linked, what is suggested, and the accounts that suggest it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from cases import links, platforms, selectors
from cases.desk.link_forms import HandleForm, OtherForm
from cases.desk.outcomes import redirect_with, sentence
from cases.models import Case, LinkDecision
from cases.services import handles, linking
from portal.accounts import policy
from portal.accounts.http import StaffRequest, staff
from portal.accounts.roles import Perm
from portal.core.errors import Invalid, NotFound


@staff(Perm.CASE_READ)
@require_safe
def links_of(request: StaffRequest, reference: str) -> HttpResponse:
    return _page(request, selectors.case_for(request.actor, reference))


@staff(Perm.CASE_WORK)
@require_POST
def join(request: StaffRequest, reference: str) -> HttpResponse:
    """Confirm a suggestion, or link a case that somebody knows of."""
    return _decide(request, reference, LinkDecision.LINKED)


@staff(Perm.CASE_WORK)
@require_POST
def apart(request: StaffRequest, reference: str) -> HttpResponse:
    return _decide(request, reference, LinkDecision.APART)


@staff(Perm.CASE_WORK)
@require_POST
def undo(request: StaffRequest, reference: str, link_id: UUID) -> HttpResponse:
    selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    linking.undo(request.ctx, link_id=link_id)
    return redirect_with("link-undone", "desk:links", reference)


@staff(Perm.CASE_WORK)
@require_POST
def add_handle(request: StaffRequest, reference: str) -> HttpResponse:
    case = selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    form = HandleForm(request.POST)
    if form.is_valid():
        try:
            values = form.cleaned_data
            handles.add(request.ctx, case_id=case.pk, platform=values["platform"], typed=values["name"])
        except Invalid as error:
            form.add_error("name", error.message)
        else:
            return redirect_with("handle-added", "desk:links", reference)
    return _page(request, case, handle_form=form)


@staff(Perm.CASE_WORK)
@require_POST
def remove_handle(request: StaffRequest, reference: str, handle_id: UUID) -> HttpResponse:
    case = selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    handles.remove(request.ctx, case_id=case.pk, handle_id=handle_id)
    return redirect_with("handle-removed", "desk:links", reference)


def _decide(request: StaffRequest, reference: str, decision: LinkDecision) -> HttpResponse:
    case = selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    form = OtherForm(request.POST)
    if form.is_valid():
        try:
            other = selectors.case_for(request.actor, form.cleaned_data["reference"], Perm.CASE_WORK)
            linking.decide(request.ctx, case_id=case.pk, other_id=other.pk, decision=decision)
        except (Invalid, NotFound) as error:
            form.add_error("reference", error.message)
        else:
            return redirect_with(f"link-{decision.value}", "desk:links", reference)
    return _page(request, case, other_form=form)


def _page(
    request: StaffRequest,
    case: Case,
    *,
    handle_form: HandleForm | None = None,
    other_form: OtherForm | None = None,
) -> HttpResponse:
    names = handles.read(request.ctx, case_id=case.pk)
    rows = links.handles(request.actor, case)
    context = {
        "case": case,
        "linked": links.of_case(request.actor, case),
        "kept_apart": links.of_case(request.actor, case, LinkDecision.APART),
        "suggested": links.suggested(request.actor, case),
        "handles": [(row, names.get(row.pk, ""), platforms.name(row.platform, "")) for row in rows],
        "handle_form": handle_form or HandleForm(),
        "other_form": other_form or OtherForm(),
        "may_work": policy.allows(request.actor, Perm.CASE_WORK, team=case.team_id)
        and case.child_suspected_at is None
        and case.destroyed_at is None,
        "outcome": sentence(request),
    }
    return render(request, "cases/desk/links.html", context)
