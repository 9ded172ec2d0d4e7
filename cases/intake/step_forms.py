"""What the forms of all pages share: each reads the draft, and writes the answers back into it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from cases.intake.draft import Draft


class StepForm(forms.Form):
    """A page's form. `fields_of_draft` are the fields that are the draft's own, name for name.

    With `can_skip`, its page has a button "I would rather not say", which empties what was said before.
    """

    focus_heading = True
    heading_field: str | None = None
    fields_of_draft: ClassVar[tuple[str, ...]] = ()
    can_skip: ClassVar[bool] = False

    def __init__(self, data: Any = None, *, draft: Draft) -> None:
        self.draft = draft
        super().__init__(data, initial=self.starting(draft))

    def starting(self, draft: Draft) -> dict[str, Any]:
        return {name: getattr(draft, name) for name in self.fields_of_draft}

    def apply(self, draft: Draft) -> None:
        """Write the cleaned answers into the draft."""
        for name in self.fields_of_draft:
            setattr(draft, name, self.cleaned_data[name])


class GoOnForm(StepForm):
    """Nothing to fill in: going on is the answer."""


class Trap(StepForm):
    """A field that people never see; programs that fill in everything fill it in too."""

    website = forms.CharField(required=False, max_length=200)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            message = _("Something on your device filled in a hidden field. Please try again.")
            raise forms.ValidationError(message, code="trap")
        return ""
