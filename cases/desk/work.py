"""Taking a case, and moving it on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import selectors
from cases.desk.forms import MoveForm
from cases.desk.outcomes import redirect_with
from cases.services import assigning, moving
from portal.accounts.http import StaffRequest, staff
from portal.accounts.roles import Perm
from portal.core.errors import Conflict


@staff(Perm.CASE_WORK)
@require_POST
def assign_to_me(request: StaffRequest, reference: str) -> HttpResponse:
    case = selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    assigning.assign(request.ctx, case_id=case.pk, staff_id=UUID(request.actor.id))
    return redirect_with("assigned", "desk:case", reference)


@staff(Perm.CASE_WORK)
@require_POST
def move(request: StaffRequest, reference: str) -> HttpResponse:
    case = selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    form = MoveForm(request.POST, case=case)
    if not form.is_valid():  # the choices come from the state: somebody else was faster
        raise Conflict(
            _("This has moved on since the page was opened. Reload it and look again."), code="wrong_state"
        )
    to, waiting_for = form.step
    moving.move(request.ctx, case_id=case.pk, to=to, waiting_for=waiting_for)
    return redirect_with("moved", "desk:case", reference)
