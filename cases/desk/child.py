"""A child may be in it: one button locks everything, with nothing to fill in."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cases import selectors
from cases.desk.outcomes import redirect_with
from cases.services import child
from portal.accounts.http import StaffRequest, staff
from portal.accounts.roles import Perm


@staff(Perm.CHILD_SUSPECT)
@require_POST
def reported(request: StaffRequest, reference: str) -> HttpResponse:
    """The authority has our report: the duty is met by saying so, on record."""
    case = selectors.case_for(request.actor, reference, Perm.CHILD_SUSPECT)
    child.reported(request.ctx, case_id=case.pk)
    return redirect_with("child-reported", "desk:case", reference)


@staff(Perm.CHILD_SUSPECT)
@require_POST
def suspect(request: StaffRequest, reference: str) -> HttpResponse:
    """No step-up and no question: locking must never wait. The restricted team gets it, if there is one."""
    case = selectors.case_for(request.actor, reference, Perm.CHILD_SUSPECT)
    locked = child.suspect(request.ctx, case_id=case.pk)
    return redirect_with("locked" if locked.team_id != case.team_id else "locked-here", "desk:queue")
