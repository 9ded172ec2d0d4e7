"""One place where it is posted: what is known, what was done, and the next step."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import locations, platforms, selectors
from cases.desk import outcomes, page, words
from cases.desk.location_forms import AddressesForm, LookForm, StepForm
from cases.models import Capture, Location, PassedTo, Refusal
from cases.services import desk_keys, locating
from cases.services import location_steps as steps
from cases.states import LocationState
from portal.accounts import policy
from portal.accounts.http import StaffRequest, staff
from portal.accounts.roles import Perm
from portal.core.context import Context
from portal.core.errors import Conflict, DomainError, Invalid

Act = Callable[[Context, UUID, str], Location]
ACTS: dict[LocationState, Act] = {
    LocationState.EVIDENCED: lambda ctx, pk, detail: steps.note_seen(
        ctx, location_id=pk, capture=Capture(detail)
    ),
    LocationState.INFORMAL_REQUEST: lambda ctx, pk, _detail: steps.ask(ctx, location_id=pk),
    LocationState.ACKNOWLEDGED: lambda ctx, pk, _detail: steps.acknowledge(ctx, location_id=pk),
    LocationState.REFUSED: lambda ctx, pk, detail: steps.refuse(ctx, location_id=pk, why=Refusal(detail)),
    LocationState.ESCALATED: lambda ctx, pk, detail: steps.pass_on(ctx, location_id=pk, to=PassedTo(detail)),
}


@staff(Perm.CASE_READ)
@require_safe
def location(request: StaffRequest, reference: str, position: int) -> HttpResponse:
    return _page(request, _load(request, reference, position, Perm.CASE_READ))


@staff(Perm.CASE_WORK)
@require_POST
def step(request: StaffRequest, reference: str, position: int) -> HttpResponse:
    """The chosen step; "removed" and its kin share one service, the others have one each."""
    row = _load(request, reference, position, Perm.CASE_WORK)
    form = StepForm(request.POST, location=row)
    if not form.is_valid():
        if request.POST.get("step"):  # the choices come from the state: somebody else was faster
            message = _("This has moved on since the page was opened. Reload it and look again.")
            raise Conflict(message, code="wrong_state")
        return _page(request, row, step_form=form)
    to, detail = form.chosen
    if act := ACTS.get(to):
        act(request.ctx, row.pk, detail)
    else:
        steps.end(request.ctx, location_id=row.pk, to=to)
    return outcomes.redirect_with("stepped", "desk:location", reference, position)


@staff(Perm.CASE_WORK)
@require_POST
def look(request: StaffRequest, reference: str, position: int) -> HttpResponse:
    row = _load(request, reference, position, Perm.CASE_WORK)
    form = LookForm(request.POST)
    if not form.is_valid():
        return _page(request, row, look_form=form)
    steps.recheck(request.ctx, location_id=row.pk, still_up=form.cleaned_data["up"] == "yes")
    return outcomes.redirect_with("looked", "desk:location", reference, position)


@staff(Perm.CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest, reference: str) -> HttpResponse:
    case = selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    form = AddressesForm(request.POST or None)
    if form.is_valid():
        try:
            locating.add(request.ctx, case_id=case.pk, typed=form.cleaned_data["addresses"])
        except Invalid as error:
            _explain(form, error)
        else:
            return outcomes.redirect_with("addressed", "desk:case", reference)
    return render(request, "cases/desk/location_add.html", {"case": case, "form": form})


def _explain(form: AddressesForm, error: DomainError) -> None:
    form.add_error("addresses", error.message)


def _load(request: StaffRequest, reference: str, position: int, perm: Perm) -> Location:
    case = selectors.case_for(request.actor, reference, perm)
    return locations.one(request.actor, case, position)


def _page(
    request: StaffRequest,
    row: Location,
    *,
    step_form: StepForm | None = None,
    look_form: LookForm | None = None,
) -> HttpResponse:
    context = {
        "case": row.case,
        "location": row,
        "tone": words.LOCATION_TONE.get(row.state, "grey"),
        "detail": words.detail(row),
        "service": locations.service(row),
        "platform": platforms.BY_CODE.get(row.platform),
        "address": desk_keys.read_address(request.ctx, location_id=row.pk),
        "elsewhere": locations.same_page(request.actor, row),
        "history": page.events(locations.history(request.actor, row)),
        "may_work": policy.allows(request.actor, Perm.CASE_WORK, team=row.case.team_id)
        and locations.is_open(row.case),
        "step_form": step_form or StepForm(location=row),
        "look_form": look_form or LookForm(),
        "form": step_form or look_form,
        "outcome": outcomes.sentence(request),
    }
    return render(request, "cases/desk/location.html", context)
