"""What the follow pages show."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from cases import holds
from cases.follow import changing, status
from cases.follow.actions import take_back_form
from cases.follow.change_forms import FilesForm, LinksForm, MessageForm, MessagesForm, NewContactForm
from cases.follow.forms import LATER, ConfirmForm, EnterForm
from cases.follow.session import Following
from cases.models import RegainState
from cases.services import adding, messaging, own, visits, withdrawal
from cases.services.withdrawal import Scope
from cases.states import CLOSED_STATES, CaseState
from portal.agency import selectors as agency
from portal.vault import refusals
from portal.verify import selectors as verify

NOTICES = {
    "code_sent": _("We have sent a code."),
    "code_too_soon": _("Wait a minute before you ask for another code."),
    "confirmed": _("Your contact is confirmed."),
    "contact_changed": _("Your contact is changed."),
    "files_added": _("Your files are here."),
    "links_added": _("Your links are added."),
    "message_sent": _("Your message is sent."),
    "proof_soon": _("The proof is not ready yet. Try again in a few seconds."),
    "regain_stopped": _("No new code is given."),
    "saved": _("Saved."),
    "taken_back": _("It is done."),
    "undone": _("Nothing is deleted. We go on where we were."),
}
REFUSED = {
    "none_chosen": _("Choose a file first."),
    "too_many": _("Too much is arriving at once. Wait an hour, then add this file again."),
    "no_more": _("There are too many files in this request."),
}


def enter(request: HttpRequest, form: EnterForm | None = None) -> HttpResponse:
    context = {"form": form or EnterForm(), "agency_row": agency.current()}
    return render(request, "cases/follow/enter.html", context, status=_status(form))


def show(
    request: HttpRequest, following: Following, ends: visits.Ends, form: Form | None = None
) -> HttpResponse:
    context = {
        "ends": ends,
        "case": following.case,
        "notice": NOTICES.get(following.notice, ""),
        **PAGES[following.page](following),
    }
    if form is not None:
        context["form"] = form
        context["forms"] = context.get("forms", {}) | {type(form).__name__: form}
    return render(request, f"cases/follow/{following.page}.html", context, status=_status(form))


def _status(form: Form | None) -> int:
    return HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY


def _status_page(following: Following) -> dict[str, Any]:
    case = following.case
    can_confirm = case.contact_sealed is not None and case.contact_verified_at is None
    alive = case.private_for_desk is not None
    return {
        "words": status.CASE_WORDS[CaseState(case.state)],
        "files": status.files(case),
        "links": status.links(case, following.private),
        "alive": alive,
        "can_add": alive and case.state not in CLOSED_STATES,
        "can_confirm": can_confirm and alive,
        "held_until": holds.told(case),
        "deletion_waits": case.deletion_asked_at is not None,
        "can_take_back": case.destroyed_at is None or withdrawal.is_shared(case),
        "news": case.messages.filter(sender="agency", seen_at=None).count(),
        "regain": case.regains.filter(state=RegainState.ASKED).first(),
    }


def _code_page(following: Following) -> dict[str, Any]:
    contact = own.contact(following.case, following.private)
    new = following.new_contact.partition(":")[2]
    return {
        "form": ConfirmForm(),
        "contact": new or (contact.value if contact else ""),
        "trouble": verify.has_trouble(following.challenge),
        "back_to": "contact" if new else "status",
    }


def _messages_page(following: Following) -> dict[str, Any]:
    return {
        "messages": messaging.own(following.case, following.private),
        "form": MessageForm(),
        "can_write": following.case.private_for_desk is not None,
    }


def _add_page(following: Following) -> dict[str, Any]:
    case = following.case
    files = FilesForm({}) if following.refused else FilesForm()
    for code in following.refused:
        files.add_error("upload", str(REFUSED.get(code) or refusals.sentence(code)))
    return {
        "forms": {"FilesForm": files, "LinksForm": LinksForm()},
        "form": files if following.refused else None,
        "takes_files": adding.takes_files(case),
        "kinds": refusals.ACCEPTED,
    }


def _contact_page(following: Following) -> dict[str, Any]:
    case = following.case
    contact = own.contact(case, following.private)
    safety = own.safety(case, following.private)
    start = {"leave": safety.leave, "when": safety.when, "language": case.language}
    messages = MessagesForm(initial=start | {"may_regain": case.may_regain})
    return {
        "forms": {"MessagesForm": messages, "NewContactForm": NewContactForm()},
        "contact": contact.value if contact else "",
        "alive": case.private_for_desk is not None,
    }


def _consents_page(following: Following) -> dict[str, Any]:
    return {"form": changing.consents_form(following.case)}


def _take_back_page(following: Following) -> dict[str, Any]:
    return {"form": take_back_form(following.case)}


def _sure_page(following: Following) -> dict[str, Any]:
    scope, _colon, position = following.choice.partition(":")
    return {
        "choice": following.choice,
        "position": position,
        "everything": scope == Scope.EVERYTHING,
        "later": scope == LATER,
        "details": scope == Scope.DETAILS,
        "delete_one": scope == Scope.FILE,
    }


def _openings_page(following: Following) -> dict[str, Any]:
    return {"openings": status.openings(following.case)}


PAGES: dict[str, Callable[[Following], dict[str, Any]]] = {
    "add": _add_page,
    "code": _code_page,
    "consents": _consents_page,
    "contact": _contact_page,
    "messages": _messages_page,
    "openings": _openings_page,
    "status": _status_page,
    "sure": _sure_page,
    "take_back": _take_back_page,
}
