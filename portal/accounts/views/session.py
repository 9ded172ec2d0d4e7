"""Log in in two steps, and out."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.models import Device

from portal.accounts import services, sessions
from portal.accounts.forms import LogInForm, SecondFactorForm
from portal.accounts.http import StaffRequest, staff
from portal.accounts.models import Staff
from portal.accounts.networks import network_of
from portal.accounts.pages import ask_for_passkey, form_page, posted, wanted_page
from portal.core.context import Context
from portal.core.errors import DomainError


@cache_control(no_store=True)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """E-mail address and password."""
    form = LogInForm(posted(request))
    refusal: DomainError | None = None
    if form.is_valid():
        try:
            person = services.check_password(
                Context.visitor(), **form.cleaned_data, network=network_of(request)
            )
        except DomainError as error:
            refusal = error
        else:
            sessions.remember_password_given(request, person)
            return redirect(_with_next("accounts:code", request))
    return form_page(request, "accounts/log_in.html", form, refusal=refusal)


@cache_control(no_store=True)
@sensitive_post_parameters("code", "recovery")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second factor, within ten minutes of the first."""
    waiting = sessions.password_given(request.session)
    person = Staff.objects.filter(pk=waiting).first() if waiting else None
    if person is None:
        return redirect(_with_next("accounts:login", request))
    form = SecondFactorForm(posted(request))
    refusal: DomainError | None = None
    if form.is_valid():
        try:
            device = _second_factor(request, person, form)
        except DomainError as error:
            refusal = error
        else:
            sessions.open_desk(request, device.user, device)
            return redirect(wanted_page(request, device.user))
    asked = ask_for_passkey(request, person)
    return form_page(request, "accounts/code.html", form, refusal=refusal, passkey=asked)


def _second_factor(request: HttpRequest, person: Staff, form: SecondFactorForm) -> Device:
    """The device that the person has just used; raises what the services raise."""
    ctx, given = Context(person.actor), form.cleaned_data
    if given["passkey"]:
        state = sessions.take_challenge(request.session, "use")
        return services.log_in_with_passkey(ctx, staff_id=person.pk, state=state, answer=given["passkey"])
    return services.log_in(ctx, staff_id=person.pk, code=given["recovery"] or given["code"])


@require_POST
@staff()
def log_out(request: StaffRequest) -> HttpResponse:
    services.log_out(request.ctx)
    sessions.close(request)
    return redirect("accounts:login")


def _with_next(name: str, request: HttpRequest) -> str:
    """The address of a page, which then leads to the same page as this one."""
    query = {"next": request.GET["next"]} if "next" in request.GET else {}
    return reverse(name) + (f"?{urlencode(query)}" if query else "")
