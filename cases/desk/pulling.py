"""The queue hands out one case at a time, and staff may say that one is more urgent than its reasons."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cases import selectors
from cases.desk.forms import PriorityForm
from cases.desk.outcomes import redirect_with
from cases.models import Priority
from cases.services import pulling, triaging
from portal.accounts.http import StaffRequest, staff
from portal.accounts.roles import Perm
from portal.core.errors import Invalid


@staff(Perm.CASE_WORK)
@require_POST
def pull_next(request: StaffRequest) -> HttpResponse:
    case = pulling.pull_next(request.ctx)
    if case is None:
        return redirect_with("no-next", "desk:queue")
    return redirect_with("next", "desk:case", case.reference)


@staff(Perm.CASE_WORK)
@require_POST
def put_back(request: StaffRequest, reference: str) -> HttpResponse:
    case = selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    pulling.put_back(request.ctx, case_id=case.pk)
    return redirect_with("put-back", "desk:queue")


@staff(Perm.CASE_WORK)
@require_POST
def prioritise(request: StaffRequest, reference: str) -> HttpResponse:
    case = selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    form = PriorityForm(request.POST)
    if not form.is_valid():
        message = "; ".join(str(error) for errors in form.errors.values() for error in errors)
        raise Invalid(message, code="priority_reason")
    priority = Priority(form.cleaned_data["priority"])
    triaging.choose(request.ctx, case_id=case.pk, priority=priority, reason=form.cleaned_data["reason"])
    return redirect_with("prioritised", "desk:case", reference)
