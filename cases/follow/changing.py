"""Buttons that change how the person is reached, what they allow, and what the request holds."""

from __future__ import annotations

from dataclasses import replace

from cases import limits
from cases.follow import codes
from cases.follow.change_forms import (
    ConsentsForm,
    LinksForm,
    MessageForm,
    MessagesForm,
    NewContactForm,
    offered,
)
from cases.follow.turn import Turn
from cases.models import Case, Consent
from cases.networks import network_of
from cases.services import adding, locating, messaging, own, own_choices, regaining
from cases.services.own_choices import Choice
from cases.wording import CONSENTS, WORDING_VERSION
from portal.core.errors import Invalid, TooMany
from portal.vault.uploads import staged_files


def open_messages(turn: Turn) -> None:
    messaging.seen(turn.ctx, case_id=turn.following.case_id)
    turn.go("messages")


def send_message(turn: Turn) -> None:
    form = MessageForm(turn.request.POST)
    if not form.is_valid():
        turn.form = form
        return
    limits.spend("message", turn.visit.row.id)
    messaging.write(turn.ctx, case_id=turn.following.case_id, body=form.cleaned_data["body"])
    turn.go("messages", "message_sent")


def add_links(turn: Turn) -> None:
    form = LinksForm(turn.request.POST)
    if form.is_valid():
        try:
            locating.add(turn.ctx, case_id=turn.following.case_id, typed=form.cleaned_data["links"])
        except Invalid as error:
            form.add_error("links", error.message)
        else:
            turn.go("status", "links_added")
            return
    turn.form = form


def add_files(turn: Turn) -> None:
    """Keep what the vault has taken, and say of each other file why it was not."""
    staged = staged_files(turn.request, "upload")
    if not staged:
        turn.following.refused = ["none_chosen"]
        return
    for number, _file in enumerate(staged):
        try:
            limits.spend_file(turn.visit.row.id, network_of(turn.request))
        except TooMany:
            if number == 0:
                raise
            turn.following.refused = ["too_many"] * (len(staged) - number)
            staged = staged[:number]
            break
    turn.following.refused += adding.add_files(turn.ctx, case_id=turn.following.case_id, staged=staged)
    turn.go("add", "" if turn.following.refused else "files_added")


def new_contact(turn: Turn) -> None:
    form = NewContactForm(turn.request.POST)
    if not form.is_valid():
        turn.form = form
        return
    contact = form.cleaned_data["contact"]
    if contact is None:
        own_choices.change_contact(
            turn.ctx,
            case_id=turn.following.case_id,
            private=turn.following.private,
            contact=None,
            confirmation=None,
        )
        turn.go("contact", "contact_changed")
        return
    turn.following.new_contact = f"{contact.channel.value}:{contact.value}"
    codes.send_code(turn)


def change_messages(turn: Turn) -> None:
    form = MessagesForm(turn.request.POST)
    if not form.is_valid():
        turn.form = form
        return
    case_id, given = turn.following.case_id, form.cleaned_data
    safety = replace(
        own.safety(turn.following.case, turn.following.private), leave=given["leave"], when=given["when"]
    )
    own_choices.change_safety(turn.ctx, case_id=case_id, safety=safety)
    own_choices.change_language(turn.ctx, case_id=case_id, language=given["language"])
    regaining.allow(turn.ctx, case_id=case_id, allowed=given["may_regain"])
    turn.go("contact", "saved")


def consents_form(case: Case, data: object = None) -> ConsentsForm:
    """Bound or not, with what is in force ticked."""
    in_force = set(Consent.objects.filter(case=case, withdrawn_at=None).values_list("recipient", "kind"))
    ticked = {code for code, one in CONSENTS.items() if (one.recipient.value, one.kind.value) in in_force}
    return ConsentsForm(data, offered=offered(files=adding.may_have_files(case)), in_force=ticked)


def change_consents(turn: Turn) -> None:
    form = consents_form(turn.following.case, turn.request.POST)
    if not form.is_valid():
        turn.form = form
        return
    choices = {
        code: Choice(CONSENTS[code].recipient, CONSENTS[code].kind, WORDING_VERSION) for code in form.fields
    }
    own_choices.change_consents(
        turn.ctx,
        case_id=turn.following.case_id,
        offered=choices.values(),
        chosen=[choices[code] for code in form.chosen()],
    )
    turn.go("status", "saved")
