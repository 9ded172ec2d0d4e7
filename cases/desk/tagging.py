"""Words on a case."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cases import selectors
from cases.desk.outcomes import redirect_with
from cases.services import tagging
from portal.accounts.http import StaffRequest, staff
from portal.accounts.roles import Perm


@staff(Perm.CASE_WORK)
@require_POST
def tag(request: StaffRequest, reference: str) -> HttpResponse:
    """Put one on or, with `remove`, take it off."""
    case = selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    if name := request.POST.get("remove"):
        tagging.remove(request.ctx, case_id=case.pk, name=name)
    else:
        tagging.add(request.ctx, case_id=case.pk, name=request.POST.get("tag", ""))
    return redirect_with("tagged", "desk:case", reference)
