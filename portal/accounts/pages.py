"""What the log-in, joining and step-up pages share: a form, and a refusal shown on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from portal.accounts import ceremonies, policy, sessions
from portal.accounts.models import Staff
from portal.accounts.roles import Perm
from portal.core.errors import DomainError, TooMany

DESK = "/desk/"
BASE = "base_desk.html"


def form_page(
    request: HttpRequest,
    template: str,
    form: forms.Form,
    *,
    refusal: DomainError | None = None,
    **context: Any,
) -> HttpResponse:
    """The page with its form; a service's refusal appears in the error summary, with its status."""
    status = 422 if form.is_bound else 200
    if refusal is not None:
        form.add_error(None, refusal.message)
        status = refusal.status
    response = render(request, template, {"form": form, "base_template": BASE, **context}, status=status)
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.retry_after)
    return response


def ask_for_passkey(request: HttpRequest, staff: Staff) -> ceremonies.Options | None:
    """What the page tells the browser to sign, noted in the session; None when the person has no passkey."""
    asked = ceremonies.to_use(staff)
    if asked is None:
        return None
    options, state = asked
    sessions.remember_challenge(request.session, "use", state)
    return options


def posted(request: HttpRequest) -> QueryDict | None:
    """What binds a form: the fields that were posted, even none; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def wanted_page(request: HttpRequest, staff: Staff) -> str:
    """Where to go after logging in: the desk page in `next`, and nothing outside the desk.

    Otherwise the first page that the role has.
    """
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(DESK)
    return wanted if safe else first_page(staff)


def first_page(staff: Staff) -> str:
    return reverse("accounts:everyone") if policy.holds(staff.actor, Perm.STAFF_MANAGE) else DESK
