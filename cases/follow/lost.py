"""Somebody who has lost their code: reference and contact, a one-time code, then a new code to be agreed to.

Each page is the same whether a request fits or not.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases import cookies, limits
from cases.codes import refusal
from cases.follow.change_forms import LostForm
from cases.follow.forms import ConfirmForm
from cases.follow.pages import NOTICES
from cases.models import Purpose
from cases.networks import network_of
from cases.services import regaining, visits
from cases.services.opening import Confirmation
from cases.services.visits import OpenVisit
from portal.core.context import Context
from portal.core.errors import TooMany
from portal.notify.models import Channel
from portal.verify import selectors as verify_selectors
from portal.verify import services as verify
from portal.verify.contacts import Contact
from portal.verify.services import Outcome


@dataclass
class Lost:
    """The payload of such a visit; only its cookie opens it. `page`: ask, code, given."""

    page: str = "ask"
    reference: str = ""
    channel: str = ""
    contact: str = ""
    challenge: str = ""
    notice: str = ""
    access_code: str = ""

    @property
    def details(self) -> Contact:
        return Contact(Channel(self.channel), self.contact)


def begin(request: HttpRequest, ctx: Context) -> HttpResponse:
    limits.spend("visit", network_of(request))
    visits.end(ctx, token=cookies.token_of(request))
    visit = visits.begin(ctx, purpose=Purpose.REGAIN, payload=asdict(Lost()))
    return cookies.remember(cookies.go("/follow/"), visit.token)


def show(request: HttpRequest, visit: OpenVisit, form: Any = None) -> HttpResponse:
    lost = Lost(**visit.payload)
    forms = {"ask": LostForm, "code": ConfirmForm, "given": None}[lost.page]
    context = {
        "lost": lost,
        "form": form or (forms() if forms else None),
        "notice": NOTICES.get(lost.notice, ""),
        "trouble": verify_selectors.has_trouble(lost.challenge),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, f"cases/follow/lost_{lost.page}.html", context, status=status)


def act(request: HttpRequest, ctx: Context, action: str) -> HttpResponse:
    with visits.locked(ctx, token=cookies.token_of(request), purpose=Purpose.REGAIN) as visit:
        if visit is None:
            return cookies.go("/follow/")
        lost = Lost(**visit.payload)
        lost.notice = ""
        form = ACTIONS[action](request, ctx, visit, lost) if action in ACTIONS else None
        visit.payload = asdict(lost)
        return show(request, visit, form) if form else cookies.go("/follow/")


def _ask(request: HttpRequest, ctx: Context, visit: OpenVisit, lost: Lost) -> LostForm | None:
    form = LostForm(request.POST)
    if not form.is_valid():
        return form
    contact: Contact = form.cleaned_data["contact"]
    lost.reference = form.cleaned_data["reference"]
    lost.channel, lost.contact, lost.page = contact.channel.value, contact.value, "code"
    _send(request, ctx, visit, lost)
    return None


def _again(request: HttpRequest, ctx: Context, visit: OpenVisit, lost: Lost) -> None:
    if lost.page == "code":
        _send(request, ctx, visit, lost)


def _send(request: HttpRequest, ctx: Context, visit: OpenVisit, lost: Lost) -> None:
    try:
        limits.spend("code", network_of(request))
        challenge = verify.start(ctx, contact=lost.details, binding=visit.binding)
    except TooMany:
        lost.notice = "code_too_soon"
        return
    lost.challenge, lost.notice = str(challenge.id), "code_sent"


def _confirm(request: HttpRequest, ctx: Context, visit: OpenVisit, lost: Lost) -> ConfirmForm | None:
    form = ConfirmForm(request.POST)
    if lost.page != "code" or not lost.challenge or not form.is_valid():
        return form if lost.page == "code" else None
    confirmation = Confirmation(UUID(lost.challenge), visit.binding)
    outcome = verify.confirm(
        ctx,
        challenge_id=confirmation.challenge_id,
        binding=confirmation.binding,
        code=form.cleaned_data["code"],
    )
    if outcome is not Outcome.CONFIRMED:
        form.add_error("code", refusal(outcome))
        return form
    lost.access_code = regaining.ask(
        ctx, reference=lost.reference, contact=lost.details, confirmation=confirmation
    )
    lost.page = "given"
    return None


ACTIONS: dict[str, Any] = {"lost_ask": _ask, "lost_again": _again, "lost_confirm": _confirm}
