"""Which part of a file is the picture: the computer proposes, somebody here says. Works without script."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import selectors
from cases.desk import progress
from cases.desk.outcomes import redirect_with
from cases.desk.trim_forms import TrimForm
from cases.models import Case
from cases.services import trimming
from hashing.enrolment.models import Enrolment
from portal.accounts import policy
from portal.accounts.http import StaffRequest, staff
from portal.accounts.roles import Perm
from portal.core.errors import NotFound


@staff(Perm.ENTRY_PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def trim(request: StaffRequest, reference: str, position: int) -> HttpResponse:
    """Draws the outline that the fields say, and confirms it when asked to."""
    case = selectors.case_for(request.actor, reference, Perm.ENTRY_PROPOSE)
    enrolment = _load(case, position)
    form = TrimForm(request.POST or None, enrolment=enrolment)
    if "draw" not in request.POST and form.is_valid():
        trimming.confirm(request.ctx, case_id=case.pk, position=position, box=form.box)
        return redirect_with("trimmed", "desk:case", reference)
    context = {
        "case": case,
        "position": position,
        "form": form,
        "made": progress.progress(enrolment),
        "may_preview": policy.allows(request.ctx, Perm.PICTURE_PREVIEW, team=case.team_id),
        "outline": progress.outline(enrolment.picture, form.drawn),
    }
    return render(request, "cases/desk/trim.html", context)


@staff(Perm.ENTRY_PROPOSE)
@require_POST
def retry(request: StaffRequest, reference: str, position: int) -> HttpResponse:
    case = selectors.case_for(request.actor, reference, Perm.ENTRY_PROPOSE)
    trimming.retry(request.ctx, case_id=case.pk, position=position)
    return redirect_with("retried", "desk:case", reference)


def _load(case: Case, position: int) -> Enrolment:
    row = case.pictures.filter(position=position).first()
    found = Enrolment.objects.select_related("picture").filter(pk=row.picture_id).first() if row else None
    if found is None or not found.looked or found.picture.shredded_at is not None or case.child_suspected_at:
        raise NotFound(_("There is nothing here."), code="no_such_picture")
    return found
