"""What the person writes, adds and changes on their pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from cases.services.messaging import LONGEST
from cases.wording import CONSENTS, Wording
from portal.agency import selectors as agency
from portal.core.errors import Invalid
from portal.notify.models import Channel
from portal.ui.widgets import Code, Files, Radios
from portal.verify import contacts
from portal.verify.contacts import Contact

# No "image/*": with these, phones hand over a JPEG of what other browsers can't read.
TYPES = ("jpeg", "png", "webp", "gif", "avif", "heic", "heif", "tiff")


class MessageForm(forms.Form):
    body = forms.CharField(
        label=_("Your message"),
        widget=forms.Textarea({"rows": 5, "autocomplete": "off"}),
        validators=[MaxLengthValidator(LONGEST, _("Shorten it to 4,000 letters."))],
        error_messages={"required": _("Write something first.")},
    )


class LinksForm(forms.Form):
    links = forms.CharField(
        label=_("More links"),
        help_text=_("One link per line, at most 50. Nobody opens them from your device."),
        widget=forms.Textarea({"rows": 4, "autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
        max_length=120_000,
        error_messages={"required": _("Enter at least one link.")},
    )


class FilesForm(forms.Form):
    """Shown only: the files themselves are read from the request, where the vault has put them."""

    upload = forms.Field(
        label=_("More files"),
        widget=Files({"accept": ",".join(f"image/{kind}" for kind in TYPES)}),
        required=False,
    )


class NewContactForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("How may we reach you from now on?"),
        choices=[
            (Channel.EMAIL, _("Email")),
            (Channel.SMS, _("Text message")),
            ("none", _("Do not contact me")),
        ],
        widget=Radios,
        error_messages={"required": _("Choose how we may reach you, or that we should not.")},
    )
    email = forms.CharField(
        label=_("Email address"),
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        max_length=254,
        required=False,
    )
    phone = forms.CharField(
        label=_("Mobile phone number"),
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        max_length=40,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """`contact` is what was given, None for no contact."""
        cleaned = super().clean() or {}
        cleaned["contact"] = None
        field = {"email": "email", "sms": "phone"}.get(cleaned.get("channel") or "")
        if field:
            try:
                cleaned["contact"] = _contact(Channel(cleaned["channel"]), cleaned.get(field, ""))
            except Invalid as error:
                self.add_error(field, forms.ValidationError(error.message, code=error.code))
        return cleaned


class MessagesForm(forms.Form):
    """How messages reach the person; `may_regain` only where there is a contact."""

    leave = forms.ChoiceField(
        label=_("May we tell you there when something changes?"),
        help_text=_("Only “There is an update to your request”, never what it is about."),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=Radios,
        error_messages={"required": _("Choose yes or no.")},
    )
    when = forms.CharField(
        label=_("When is a good time? (optional)"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        required=False,
    )
    language = forms.ChoiceField(label=_("Language of our messages"), choices=settings.LANGUAGES)
    may_regain = forms.BooleanField(
        label=_("If I lose my code, a caseworker may give me a new one"),
        help_text=_("You would have to show that you can read this contact, and a caseworker decides."),
        required=False,
    )


class ConsentsForm(forms.Form):
    """One question per recipient and kind, each ticked while it is in force."""

    def __init__(self, data: Any = None, *, offered: dict[str, Wording], in_force: set[str]) -> None:
        super().__init__(data, initial=dict.fromkeys(in_force, True))
        for code, wording in offered.items():
            self.fields[code] = forms.BooleanField(
                label=wording.label, help_text=wording.hint, required=False
            )

    def chosen(self) -> list[str]:
        return [code for code in self.fields if self.cleaned_data.get(code)]


class LostForm(forms.Form):
    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("8 letters and numbers"),
        max_length=40,
        widget=Code,
        error_messages={"required": _("Enter your reference.")},
    )
    contact = forms.CharField(
        label=_("The email address or phone number that you gave us"),
        widget=forms.TextInput({"autocomplete": "email", "spellcheck": "false"}),
        max_length=254,
        error_messages={"required": _("Enter the contact that you gave us.")},
    )

    def clean_contact(self) -> Contact:
        typed = self.cleaned_data["contact"]
        try:
            return _contact(Channel.EMAIL if "@" in typed else Channel.SMS, typed)
        except Invalid as error:
            raise forms.ValidationError(error.message, code=error.code) from error


def offered(*, files: bool) -> dict[str, Wording]:
    """What can be allowed; without files nothing that is about them."""
    return {code: wording for code, wording in CONSENTS.items() if files or not wording.needs_files}


def _contact(channel: Channel, typed: str) -> Contact:
    if channel is Channel.EMAIL:
        return contacts.email(typed)
    return contacts.phone(typed, country=agency.current().jurisdiction)
