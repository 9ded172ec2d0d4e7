"""What the follow pages show."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from cases.follow import status
from cases.follow.forms import ConfirmForm, EnterForm, TakeBackForm
from cases.follow.session import Following
from cases.services import own, withdrawal
from cases.services.withdrawal import Scope
from cases.states import CaseState
from portal.agency import selectors as agency
from portal.verify import selectors as verify

NOTICES = {
    "code_sent": _("We have sent a code."),
    "code_too_soon": _("Wait a minute before you ask for another code."),
    "confirmed": _("Your contact is confirmed."),
    "taken_back": _("It is done."),
    "proof_soon": _("The proof is not ready yet. Try again in a few seconds."),
}


def enter(request: HttpRequest, form: EnterForm | None = None) -> HttpResponse:
    context = {"form": form or EnterForm(), "agency_row": agency.current()}
    return render(request, "cases/follow/enter.html", context, status=_status(form))


def show(request: HttpRequest, following: Following, form: Form | None = None) -> HttpResponse:
    context = {
        "case": following.case,
        "notice": NOTICES.get(following.notice, ""),
        **PAGES[following.page](following),
    }
    if form is not None:
        context["form"] = form
    return render(request, f"cases/follow/{following.page}.html", context, status=_status(form))


def _status(form: Form | None) -> int:
    return HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY


def _status_page(following: Following) -> dict[str, Any]:
    case = following.case
    can_confirm = case.contact_sealed is not None and case.contact_verified_at is None
    return {
        "words": status.CASE_WORDS[CaseState(case.state)],
        "files": status.files(case),
        "links": status.links(case, following.private),
        "can_confirm": can_confirm,
        "can_take_back": case.destroyed_at is None or withdrawal.is_shared(case),
    }


def _code_page(following: Following) -> dict[str, Any]:
    contact = own.contact(following.case, following.private)
    return {
        "form": ConfirmForm(),
        "contact": contact.value if contact else "",
        "trouble": verify.has_trouble(following.challenge),
    }


def _take_back_page(following: Following) -> dict[str, Any]:
    case = following.case
    return {"form": TakeBackForm(files=status.files(case), details=status.has_details(case))}


def _sure_page(following: Following) -> dict[str, Any]:
    scope, _colon, position = following.choice.partition(":")
    return {"scope": scope, "position": position, **{one: scope == one for one in Scope}}


def _openings_page(following: Following) -> dict[str, Any]:
    return {"openings": status.openings(following.case)}


PAGES = {
    "openings": _openings_page,
    "status": _status_page,
    "code": _code_page,
    "take_back": _take_back_page,
    "sure": _sure_page,
}
