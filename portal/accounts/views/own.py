"""One's own account: how one gets in, where one is in, and what one's role may do."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from portal.accounts import ceremonies, matrix_page, selectors, services, sessions
from portal.accounts.forms import PasskeyForm
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.pages import form_page
from portal.core.errors import DomainError


@staff()
@require_safe
def account(request: StaffRequest) -> HttpResponse:
    ways = selectors.own_ways_in(request.actor, key=request.session.session_key)
    return render(request, "accounts/own.html", {"ways": ways, "done": request.GET.get("done", "")})


@staff()
@step_up
@require_POST
def recovery_codes(request: StaffRequest) -> HttpResponseBase:
    """New codes, on the answer itself: nothing keeps them for a page to be asked for again."""
    codes = services.make_recovery_codes(request.ctx, staff_id=request.user.pk)
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


@staff()
@step_up
@require_POST
def new_passkey(request: StaffRequest) -> HttpResponseBase:
    """The page whose script makes the passkey."""
    return _making(request, PasskeyForm())


@sensitive_post_parameters("passkey")
@staff()
@step_up
@require_POST
def add_passkey(request: StaffRequest) -> HttpResponseBase:
    """Good only with the challenge of the page before, and within ten minutes of it."""
    form = PasskeyForm(request.POST)
    state = sessions.take_challenge(request.session, "make")
    if not form.is_valid():
        return _making(request, form)
    name, answer = form.cleaned_data["name"], form.cleaned_data["passkey"]
    try:
        services.add_passkey(request.ctx, staff_id=request.user.pk, name=name, state=state, answer=answer)
    except DomainError as refusal:
        return _making(request, form, refusal)
    return _back("passkey")


@staff()
@step_up
@require_POST
def remove_passkey(request: StaffRequest, passkey_id: int) -> HttpResponseBase:
    services.remove_passkey(request.ctx, staff_id=request.user.pk, passkey_id=passkey_id)
    return _back("removed")


@staff()
@require_POST
def end_session(request: StaffRequest, session_id: UUID) -> HttpResponse:
    services.end_session(request.ctx, session_id=session_id)
    return _back("ended")


@staff()
@require_POST
def end_other_sessions(request: StaffRequest) -> HttpResponse:
    key = request.session.session_key or ""
    services.end_other_sessions(request.ctx, staff_id=request.user.pk, but=key)
    return _back("ended")


@staff()
@require_safe
def roles(request: StaffRequest) -> HttpResponse:
    return render(request, "accounts/roles.html", {"table": matrix_page.table()})


def _making(request: StaffRequest, form: PasskeyForm, refusal: DomainError | None = None) -> HttpResponse:
    options, state = ceremonies.to_make(request.user)
    sessions.remember_challenge(request.session, "make", state)
    return form_page(request, "accounts/passkey.html", form, refusal=refusal, passkey=options)


def _back(done: str) -> HttpResponse:
    response = redirect("accounts:own")
    response["Location"] += f"?done={done}"
    return response
