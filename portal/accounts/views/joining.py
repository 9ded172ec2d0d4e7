"""Join by invitation: name and password, then the authenticator app."""

from __future__ import annotations

import io

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts import invitations, services, sessions
from portal.accounts.forms import CodeForm, JoinForm
from portal.accounts.models import TotpDevice
from portal.accounts.pages import first_page, form_page, posted
from portal.agency import selectors
from portal.core.context import Context
from portal.core.errors import DomainError, NotFound


@cache_control(no_store=True)
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Name and password of the person invited."""
    invited = invitations.invited(token)
    form = JoinForm(posted(request), initial={"name": invited.name})
    refusal: DomainError | None = None
    if form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["password"]
        try:
            person = services.join(token=token, name=name, password=password)
        except DomainError as error:
            refusal = error
        else:
            sessions.remember_joining(request, person)
            return redirect("accounts:authenticator")
    return form_page(request, "accounts/join.html", form, refusal=refusal, email=invited.email)


@cache_control(no_store=True)
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def authenticator(request: HttpRequest) -> HttpResponse:
    """The secret to put into the app, and the first code to prove that it is there."""
    device = _device(request)
    person = device.user
    form = CodeForm(posted(request))
    refusal: DomainError | None = None
    if form.is_valid():
        try:
            confirmed = services.confirm_totp(Context(person.actor), staff_id=person.pk, **form.cleaned_data)
        except DomainError as error:
            refusal = error
        else:
            sessions.open_desk(request, confirmed.user, confirmed)
            return redirect(first_page(person))
    return form_page(
        request,
        "accounts/authenticator.html",
        form,
        refusal=refusal,
        secret=device.to_type(),
        email=person.email,
    )


@cache_control(no_store=True)
@require_safe
def square_code(request: HttpRequest) -> HttpResponse:
    """The secret for the app's camera, as SVG. (A data: address would need a hole in the content policy.)"""
    address = _device(request).address(issuer=selectors.current().neutral_name)
    drawing = io.BytesIO()
    segno.make(address, error="m").save(drawing, kind="svg", scale=5, border=4, light="#fff")
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")


def _device(request: HttpRequest) -> TotpDevice:
    """The app that this session is enrolling; NotFound once it is confirmed or ten minutes have passed."""
    waiting = sessions.joining(request.session)
    device: TotpDevice | None = (
        TotpDevice.objects.select_related("user").filter(user=waiting, confirmed=False).first()
    )
    if waiting is None or device is None:
        raise NotFound(
            _("This took too long. Open your invitation again to go on."), code="joining_interrupted"
        )
    return device
