"""The questions. What all forms share is in `step_forms`; how to be reached is asked in `contact_forms`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from cases import addresses
from cases.intake.draft import Draft, Way
from cases.intake.step_forms import StepForm, Trap
from cases.models import About, AgeRoute, Circumstance, KnownTo, Relation
from cases.wording import AUTHORITY, CONSENTS
from portal.core.errors import Invalid
from portal.ui.widgets import Checkboxes, Files, Radios

MOST_LETTERS = 10_000
# No "image/*": with these, phones hand over a JPEG of what other browsers can't read.
TYPES = ("jpeg", "png", "webp", "gif", "avif", "heic", "heif", "tiff")


class DangerForm(StepForm):
    heading_field = "danger"
    fields_of_draft = ("danger",)
    can_skip = True

    danger = forms.ChoiceField(
        label=gettext_lazy("Are you, or is anybody else, in danger right now?"),
        help_text=gettext_lazy("We ask so that we can show you who helps at once."),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=Radios,
        error_messages={"required": gettext_lazy("Choose an answer, or press “I would rather not say”.")},
    )


class AboutForm(StepForm):
    heading_field = "about"
    fields_of_draft = ("about",)

    about = forms.ChoiceField(
        label=gettext_lazy("Who is this about?"),
        help_text=gettext_lazy("We ask so that we speak to the right person, and of the right one."),
        choices=About.choices,
        widget=Radios,
        error_messages={"required": gettext_lazy("Choose who this is about.")},
    )


class AuthorityForm(StepForm):
    fields_of_draft = ("authority",)

    authority = forms.BooleanField(
        label=AUTHORITY,
        error_messages={
            "required": gettext_lazy("Tick this if it is so. If it isn't, ask the person to write to us.")
        },
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


class HappenedForm(StepForm):
    heading_field = "circumstances"
    fields_of_draft = ("circumstances",)
    can_skip = True

    circumstances = forms.MultipleChoiceField(
        label=gettext_lazy("What happened?"),
        help_text=gettext_lazy("Choose all that fit. We ask so that we can tell you what helps."),
        choices=Circumstance.choices,
        widget=Checkboxes,
        required=False,
    )


class StoryForm(StepForm):
    heading_field = "story"
    fields_of_draft = ("story",)
    can_skip = True

    story = forms.CharField(
        label=gettext_lazy("Do you want to tell us more? (optional)"),
        help_text=gettext_lazy(
            "Only what you want to tell. A few words are enough. What you write is readable only by the "
            "people who work on your request."
        ),
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


WAY_HINTS: dict[str, Promise] = {
    Way.DEVICE: gettext_lazy(
        "Your browser makes codes of them, and only the codes are sent. Partner platforms can block copies "
        "with these codes. It needs JavaScript."
    ),
    Way.SEND: gettext_lazy(
        "A caseworker looks only if it is needed. They are destroyed after the review unless you ask us to "
        "keep them."
    ),
    Way.LINKS: gettext_lazy(
        "We can ask services to remove what is posted there. Without codes of the files, platforms can't "
        "block copies."
    ),
}


class WayForm(StepForm):
    heading_field = "way"
    fields_of_draft = ("way",)

    way = forms.ChoiceField(
        label=gettext_lazy("How do you want to go on?"),
        help_text=gettext_lazy("Each way is fine. You can come back and choose another."),
        choices=Way.choices,
        widget=Radios(hints=WAY_HINTS),
        error_messages={"required": gettext_lazy("Choose how you want to go on.")},
    )


class DeviceForm(StepForm):
    """`found` is what the page's script made: a JSON list of fingerprints, never a file."""

    found = forms.CharField(required=False, max_length=600_000, widget=forms.HiddenInput)


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


class MoreForm(StepForm):
    fields_of_draft = ("who", "known_to")
    can_skip = True

    who = forms.ChoiceField(
        label=gettext_lazy("Who did it?"),
        help_text=gettext_lazy("We ask so that nothing we do puts you at risk. We don't contact them."),
        choices=Relation.choices,
        widget=Radios,
        required=False,
    )
    known_to = forms.MultipleChoiceField(
        label=gettext_lazy("Have you told any of these?"),
        help_text=gettext_lazy("We ask so that you don't have to tell it twice."),
        choices=KnownTo.choices,
        widget=Checkboxes,
        required=False,
    )


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
    """The last page: nothing to fill in, the trap, and what a script worked out if it was asked to."""

    proof = forms.CharField(required=False, max_length=20)


class ReceiptForm(StepForm):
    saved = forms.BooleanField(
        label=gettext_lazy("I have saved the reference and the code"),
        error_messages={
            "required": gettext_lazy("Tick this once you have saved them. We cannot show them again.")
        },
    )
