"""How to reach somebody, and how to do so safely: asked before anything is sent anywhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy

from cases.intake.draft import Draft
from cases.intake.step_forms import StepForm
from portal.agency import selectors as agency
from portal.core.errors import Invalid
from portal.notify.models import Channel
from portal.ui.widgets import OneTimeCode, Radios
from portal.verify import contacts
from portal.verify.contacts import Contact


class Reach(models.TextChoices):
    NONE = "none", gettext_lazy("Don't contact me")
    EMAIL = "email", gettext_lazy("Email")
    SMS = "sms", gettext_lazy("Text message")
    CALL = "call", gettext_lazy("Phone call")


CHANNELS = {Reach.EMAIL: Channel.EMAIL, Reach.SMS: Channel.SMS, Reach.CALL: Channel.SMS}


class ContactForm(StepForm):
    heading_field = "reach"
    fields_of_draft = ("reach",)

    reach = forms.ChoiceField(
        label=gettext_lazy("May we contact you?"),
        help_text=gettext_lazy("Nothing is sent before you have told us what is safe."),
        choices=Reach.choices,
        widget=Radios(
            hints={
                Reach.NONE: gettext_lazy("You can still follow your request with a code that we give you."),
                Reach.EMAIL: gettext_lazy("Choose an address that nobody else can read."),
                Reach.SMS: gettext_lazy("Choose a phone that nobody else looks at."),
                Reach.CALL: gettext_lazy("A caseworker calls you, at a time that suits you."),
            }
        ),
        error_messages={"required": gettext_lazy("Choose how we may reach you, or that we should not.")},
    )

    def apply(self, draft: Draft) -> None:
        """Another way to be reached asks for another contact."""
        super().apply(draft)
        channel = CHANNELS.get(Reach(draft.reach), "")
        if channel != draft.channel:
            new_contact(draft, channel, "")


class SafeContactForm(StepForm):
    """The contact itself, and what is safe there. Which fields there are depends on the page before."""

    fields_of_draft = ("safe_to_leave", "safe_when", "safe_say", "may_regain")

    contact = forms.CharField(max_length=254, required=False)
    safe_to_leave = forms.ChoiceField(
        label=gettext_lazy("May we leave you a message there?"),
        help_text=gettext_lazy("Our messages never say what they are about: only that there is an update."),
        choices=[
            ("yes", gettext_lazy("Yes, that is safe")),
            ("no", gettext_lazy("No, leave nothing there")),
        ],
        widget=Radios,
        error_messages={"required": gettext_lazy("Choose whether we may leave you a message.")},
    )
    safe_when = forms.CharField(
        label=gettext_lazy("When is a good time? (optional)"),
        help_text=gettext_lazy("For example: weekdays after six, never at weekends"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        required=False,
    )
    safe_say = forms.CharField(
        label=gettext_lazy("What should we say if somebody else answers? (optional)"),
        help_text=gettext_lazy("For example: that we called about a delivery"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        required=False,
    )

    may_regain = forms.BooleanField(
        label=gettext_lazy("If I lose my code, a caseworker may give me a new one"),
        help_text=gettext_lazy(
            "You would have to show that you can read this contact, and a caseworker decides."
        ),
        required=False,
    )

    def __init__(self, data: Any = None, *, draft: Draft) -> None:
        super().__init__(data, draft=draft)
        field = self.fields["contact"]
        if draft.channel == Channel.EMAIL:
            field.label = gettext_lazy("Email address")
            field.widget = forms.EmailInput({"autocomplete": "email", "spellcheck": "false"})
        else:
            field.label = gettext_lazy("Mobile phone number")
            field.widget = forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"})
        if draft.reach != Reach.CALL:
            del self.fields["safe_say"]

    def starting(self, draft: Draft) -> dict[str, Any]:
        return super().starting(draft) | {"contact": draft.contact}

    def clean_contact(self) -> Contact:
        typed = self.cleaned_data["contact"]
        try:
            if self.draft.channel == Channel.EMAIL:
                return contacts.email(typed)
            return contacts.phone(typed, country=agency.current().jurisdiction)
        except Invalid as error:
            raise forms.ValidationError(error.message, code=error.code) from error

    def apply(self, draft: Draft) -> None:
        """A different contact has to be confirmed anew."""
        for name in self.fields_of_draft:
            setattr(draft, name, self.cleaned_data.get(name, ""))
        contact: Contact = self.cleaned_data["contact"]
        if contact != draft.contact_details():
            new_contact(draft, contact.channel, contact.value)


def new_contact(draft: Draft, channel: str, contact: str) -> None:
    draft.channel, draft.contact = str(channel), contact
    draft.challenge, draft.confirmed = "", False
    draft.undone("code", *([] if contact else ["safe"]))


class CodeForm(StepForm):
    heading_field = "code"

    code = forms.CharField(
        label=gettext_lazy("Enter the code"),
        widget=OneTimeCode,
        max_length=20,
        error_messages={"required": gettext_lazy("Enter the code that we sent you, or skip this for now.")},
    )
