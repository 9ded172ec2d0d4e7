"""Controls that Django lacks, with the attributes a phone needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from django import forms
from django.forms.widgets import ChoiceWidget
from django.utils.functional import Promise

Text: TypeAlias = "str | Promise"


class _Hints(ChoiceWidget):
    """Choices with a line of explanation each: `Radios(hints={"value": _("What this means")})`."""

    def __init__(self, *args: Any, hints: Mapping[str, Text] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = hints or {}

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if hint := self.hints.get(str(option["value"])):
            option["hint"] = hint
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


class Radios(_Hints, forms.RadioSelect):
    """One of several."""


class Checkboxes(_Hints, forms.CheckboxSelectMultiple):
    """Any of several."""


class OneTimeCode(forms.TextInput):
    """A short code from a message: digits, filled in by the phone itself."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {
                "class": "govuk-input--width-5 govuk-input--extra-letter-spacing",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "spellcheck": "false",
                **(attrs or {}),
            }
        )


class Code(forms.TextInput):
    """A reference or an access code: never remembered by the browser, never corrected."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {
                "class": "app-code govuk-input--width-20",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                **(attrs or {}),
            }
        )


class Files(forms.FileInput):
    """Several files at once; the view reads `request.FILES.getlist(name)`."""

    allow_multiple_selected = True
