"""The first person's decision on a picture: propose it for a list, don't, or take it off again."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import selectors
from cases.desk import fingerprints, shown
from cases.desk.forms import ListForm
from cases.desk.outcomes import redirect_with
from cases.models import Case, CasePicture
from cases.services import reviewing, withdrawal
from hashing.lists.states import Category
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.roles import Perm
from portal.core.errors import NotFound


@staff(Perm.ENTRY_PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: StaffRequest, reference: str, position: int) -> HttpResponseBase:
    """Shows what would be listed, and asks for which list."""
    picture = _load(request, reference, position, Perm.ENTRY_PROPOSE)
    form = ListForm(request.POST or None, case=picture.case)
    if form.is_valid():
        return _propose(request, picture.case, position, form)
    seen = shown.of(request.ctx, picture)
    found = fingerprints.by_picture([picture.picture_id]).get(picture.picture_id, [])
    lines = fingerprints.agreed(found, regional=seen.detailed)
    context = {"case": picture.case, "position": position, "form": form, "lines": lines, "shown": seen}
    return render(request, "cases/desk/propose.html", context)


@step_up
def _propose(request: StaffRequest, case: Case, position: int, form: ListForm) -> HttpResponseBase:
    reviewing.propose(
        request.ctx,
        case_id=case.pk,
        position=position,
        list_slug=form.cleaned_data["list_slug"],
        category=Category(form.cleaned_data["category"]),
    )
    return redirect_with("proposed", "desk:case", case.reference)


@staff(Perm.ENTRY_PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def not_listed(request: StaffRequest, reference: str, position: int) -> HttpResponse:
    """Asks once, since it destroys the picture."""
    picture = _load(request, reference, position, Perm.ENTRY_PROPOSE)
    if request.method != "POST":
        context = {"case": picture.case, "position": position, "kept": picture.keep_as_evidence}
        return render(request, "cases/desk/not_listed.html", context)
    reviewing.decide_not_listed(request.ctx, case_id=picture.case_id, position=position)
    return redirect_with("not-listed", "desk:case", reference)


@staff(Perm.CASE_WITHDRAW)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: StaffRequest, reference: str, position: int) -> HttpResponse:
    """Asks once, since it can't be undone; then takes the picture off every list."""
    picture = _load(request, reference, position, Perm.CASE_WITHDRAW)
    if request.method != "POST":
        context = {"case": picture.case, "position": position}
        return render(request, "cases/desk/withdraw.html", context)
    withdrawal.withdraw(
        request.ctx, case_id=picture.case_id, scope=withdrawal.Scope.PICTURE, position=position
    )
    return redirect_with("withdrawn", "desk:case", reference)


def _load(request: StaffRequest, reference: str, position: int, perm: Perm) -> CasePicture:
    case = selectors.case_for(request.actor, reference, perm)
    picture = case.pictures.filter(position=position).first()
    if picture is None:
        raise NotFound(_("There is nothing here."), code="no_such_picture")
    picture.case = case
    return picture
