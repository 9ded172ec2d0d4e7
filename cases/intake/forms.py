"""The questions. Each form reads the draft and writes the answers back into it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import addresses
from cases.intake.draft import Draft
from cases.intake.wording import CONSENTS
from cases.models import About, AgeRoute, Circumstance
from portal.agency import selectors as agency
from portal.core.errors import Invalid
from portal.notify.models import Channel
from portal.ui.widgets import Checkboxes, Files, OneTimeCode, Radios
from portal.verify import contacts
from portal.verify.contacts import Contact

MOST_LETTERS = 10_000
# No "image/*": with these, phones hand over a JPEG of what other browsers can't read.
TYPES = ("jpeg", "png", "webp", "gif", "avif", "heic", "heif", "tiff")


class StepForm(forms.Form):
    """A page's form. `fields_of_draft` are the fields that are the draft's own, name for name."""

    heading_field: str | None = None
    fields_of_draft: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: Any = None, *, draft: Draft) -> None:
        self.draft = draft
        super().__init__(data, initial=self.starting(draft))

    def starting(self, draft: Draft) -> dict[str, Any]:
        return {name: getattr(draft, name) for name in self.fields_of_draft}

    def apply(self, draft: Draft) -> None:
        """Write the cleaned answers into the draft."""
        for name in self.fields_of_draft:
            setattr(draft, name, self.cleaned_data[name])


class Trap(StepForm):
    """A field that people never see; programs that fill in everything fill it in too."""

    website = forms.CharField(required=False, max_length=200)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            message = _("Something on your device filled in a hidden field. Please try again.")
            raise forms.ValidationError(message, code="trap")
        return ""


class AboutForm(StepForm):
    heading_field = "about"
    fields_of_draft = ("about",)

    about = forms.ChoiceField(
        label=gettext_lazy("Who is this about?"),
        choices=About.choices,
        widget=Radios,
        error_messages={"required": gettext_lazy("Choose who this is about.")},
    )


class AgeForm(StepForm):
    heading_field = "age"
    fields_of_draft = ("age",)

    age = forms.ChoiceField(
        label=gettext_lazy("Was anyone who can be seen in it under 18 at the time?"),
        help_text=gettext_lazy("We ask because different laws and different helpers apply."),
        choices=[(route, route.label) for route in (AgeRoute.MINOR, AgeRoute.ADULT, AgeRoute.UNSURE)],
        widget=Radios,
        error_messages={"required": gettext_lazy("Choose an answer. You can choose “Not sure”.")},
    )


class ReferForm(StepForm):
    """Nothing to fill in: going on is the answer."""


class HappenedForm(StepForm):
    fields_of_draft = ("circumstances", "story")

    circumstances = forms.MultipleChoiceField(
        label=gettext_lazy("Which of these fit?"),
        help_text=gettext_lazy("Choose all that fit, or none if you would rather not say."),
        choices=Circumstance.choices,
        widget=Checkboxes,
        required=False,
    )
    story = forms.CharField(
        label=gettext_lazy("In your own words (optional)"),
        help_text=gettext_lazy("Only what you want to tell. A few words are enough."),
        widget=forms.Textarea({"rows": 6, "autocomplete": "off"}),
        # Not `max_length`: with it browsers cut what is pasted, without a word.
        validators=[
            MaxLengthValidator(
                MOST_LETTERS,
                gettext_lazy("This is longer than we can take in one piece. Shorten it to 10,000 letters."),
            )
        ],
        required=False,
    )


class ContactForm(StepForm):
    fields_of_draft = ("safe_to_leave", "safe_when")

    channel = forms.ChoiceField(
        label=gettext_lazy("How may we reach you?"),
        choices=[
            ("none", gettext_lazy("Do not contact me")),
            (Channel.EMAIL, gettext_lazy("Email")),
            (Channel.SMS, gettext_lazy("Text message")),
        ],
        widget=Radios(
            hints={"none": gettext_lazy("You can still follow your request with a code that we give you.")}
        ),
        error_messages={"required": gettext_lazy("Choose how we may reach you, or that we should not.")},
    )
    email = forms.CharField(
        label=gettext_lazy("Email address"),
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        max_length=254,
        required=False,
    )
    phone = forms.CharField(
        label=gettext_lazy("Mobile phone number"),
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        max_length=40,
        required=False,
    )
    safe_to_leave = forms.ChoiceField(
        label=gettext_lazy("Is it safe for us to leave you a message there?"),
        help_text=gettext_lazy("Our messages never say what they are about."),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=Radios,
        required=False,
    )
    safe_when = forms.CharField(
        label=gettext_lazy("When is a good time? (optional)"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        required=False,
    )

    def starting(self, draft: Draft) -> dict[str, Any]:
        known = {"email": draft.contact} if draft.channel == Channel.EMAIL else {"phone": draft.contact}
        chosen = draft.channel or ("none" if "contact" in draft.answered else "")
        return super().starting(draft) | known | {"channel": chosen}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        channel = cleaned.get("channel")
        field = {"email": "email", "sms": "phone"}.get(channel or "")
        cleaned["contact"] = None
        if channel and field:
            try:
                cleaned["contact"] = _contact(Channel(channel), cleaned.get(field, ""))
            except Invalid as error:
                self.add_error(field, forms.ValidationError(error.message, code=error.code))
        return cleaned

    def apply(self, draft: Draft) -> None:
        """A different contact has to be confirmed anew."""
        super().apply(draft)
        contact: Contact | None = self.cleaned_data["contact"]
        if contact == draft.contact_details():
            return
        draft.channel, draft.contact = (contact.channel.value, contact.value) if contact else ("", "")
        draft.challenge, draft.confirmed = "", False
        draft.undone("code")


class CodeForm(StepForm):
    heading_field = "code"

    code = forms.CharField(
        label=gettext_lazy("Enter the code"),
        widget=OneTimeCode,
        max_length=20,
        error_messages={"required": gettext_lazy("Enter the code that we sent you, or skip this for now.")},
    )


class FilesForm(StepForm):
    """Shown only: the files themselves are read from the request, where the vault has put them."""

    heading_field = "upload"

    upload = forms.Field(
        label=gettext_lazy("Add files (optional)"),
        widget=Files({"accept": ",".join(f"image/{kind}" for kind in TYPES)}),
        required=False,
    )


class LinksForm(StepForm):
    heading_field = "links"

    links = forms.CharField(
        label=gettext_lazy("Links to where it is (optional)"),
        help_text=gettext_lazy("One link per line, at most 50. Nobody opens them from your device."),
        widget=forms.Textarea({"rows": 6, "autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
        max_length=120_000,
        required=False,
    )

    def starting(self, draft: Draft) -> dict[str, Any]:
        return {"links": "\n".join(draft.links)}

    def clean_links(self) -> list[str]:
        try:
            return addresses.normalise(self.cleaned_data["links"])
        except Invalid as error:
            raise forms.ValidationError(error.message, code=error.code) from error

    def apply(self, draft: Draft) -> None:
        draft.links = self.cleaned_data["links"]


class ConsentsForm(StepForm):
    """One question per recipient and kind. Nothing is ticked before the person ticks it."""

    def __init__(self, data: Any = None, *, draft: Draft) -> None:
        super().__init__(data, draft=draft)
        for code, wording in CONSENTS.items():
            if not (wording.needs_files and draft.is_minor):
                self.fields[code] = forms.BooleanField(
                    label=wording.label, help_text=wording.hint, required=False
                )

    def starting(self, draft: Draft) -> dict[str, Any]:
        return dict.fromkeys(draft.consents, True)

    def apply(self, draft: Draft) -> None:
        draft.consents = [code for code in self.fields if self.cleaned_data.get(code)]


class CheckForm(Trap):
    """The last page: nothing to fill in, and the trap."""


class ReceiptForm(StepForm):
    saved = forms.BooleanField(
        label=gettext_lazy("I have saved the reference and the code"),
        error_messages={
            "required": gettext_lazy("Tick this once you have saved them. We cannot show them again.")
        },
    )


def _contact(channel: Channel, typed: str) -> Contact:
    if channel is Channel.EMAIL:
        return contacts.email(typed)
    return contacts.phone(typed, country=agency.current().jurisdiction)
