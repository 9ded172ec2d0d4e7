"""The questions on the follow pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.follow.status import FileLine
from cases.services.withdrawal import Scope
from portal.ui.widgets import Code, OneTimeCode, Radios

LATER = "later"


class EnterForm(forms.Form):
    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("8 letters and numbers"),
        max_length=40,
        widget=Code,
        error_messages={"required": _("Enter your reference.")},
    )
    code = forms.CharField(
        label=_("Code"),
        help_text=_("16 letters and numbers. Spaces and dashes do not matter."),
        max_length=80,
        widget=Code,
        error_messages={"required": _("Enter your code.")},
    )


class ConfirmForm(forms.Form):
    focus_heading = True
    heading_field = "code"

    code = forms.CharField(
        label=_("Enter the code"),
        widget=OneTimeCode,
        max_length=20,
        error_messages={"required": _("Enter the code that we sent you.")},
    )


class TakeBackForm(forms.Form):
    """`choice` is a scope, "picture:N", "file:N" or LATER."""

    focus_heading = True
    heading_field = "choice"

    choice = forms.ChoiceField(
        label=_("What do you want to take back?"),
        widget=Radios,
        error_messages={"required": _("Choose what to take back.")},
    )

    def __init__(
        self, data: Any = None, *, files: list[FileLine], details: bool = False, can_wait: bool = True
    ) -> None:
        super().__init__(data)
        stop = _("Stop sharing file %(number)d")
        choices: list[tuple[str, Any]] = [
            (
                f"{Scope.PICTURE}:{file.position}",
                stop % {"number": file.position},
            )
            for file in files
            if file.can_stop
        ]
        if details:
            choices.append((Scope.DETAILS.value, _("Stop using the more detailed fingerprints")))
        delete = _("Delete file %(number)d, and stop sharing it")
        choices += [
            (f"{Scope.FILE}:{file.position}", delete % {"number": file.position})
            for file in files
            if file.can_delete
        ]
        if files:
            choices.append((Scope.SHARING.value, _("Stop sharing all files")))
        choices.append((Scope.EVERYTHING.value, _("Delete everything that I sent, now")))
        if can_wait:
            choices.append((LATER, _("Delete everything in 7 days; until then I can undo it")))
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above; for the type checker)
        field.choices = choices
