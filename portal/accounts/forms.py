"""The forms of the log-in and joining pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Role
from portal.agency.models import Team
from portal.ui.widgets import Checkboxes, Code, OneTimeCode, Radios

# Argon2 reads all of it; nobody types more.
LONGEST_PASSWORD = 256


def _password(label: Any, autocomplete: str, **more: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "class": "govuk-input--width-20"})
    return forms.CharField(label=label, strip=False, max_length=LONGEST_PASSWORD, widget=widget, **more)


class LogInForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    password = _password(
        _("Password"), "current-password", error_messages={"required": _("Enter your password.")}
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        help_text=_("6 digits, from your authenticator app."),
        max_length=20,
        widget=OneTimeCode(),
        error_messages={"required": _("Enter the code from your authenticator app.")},
    )


class SecondFactorForm(CodeForm):
    """A code from the app, or a recovery code, or what a passkey answered (the page's script fills it in)."""

    recovery = forms.CharField(
        label=_("Recovery code"),
        help_text=_("One of the ten codes that you were given to keep. Each works once."),
        max_length=40,
        required=False,
        widget=Code(),
    )
    passkey = forms.CharField(max_length=10_000, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = False

    def clean(self) -> dict[str, Any]:
        given = {name: self.cleaned_data.get(name, "") for name in ("code", "recovery", "passkey")}
        if not any(given.values()) and not self.errors:
            self.add_error("code", self.fields["code"].error_messages["required"])
        return given


class PasskeyForm(forms.Form):
    """A passkey that the browser has just made."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Where it is, such as \u201cPhone\u201d or \u201cBlue key\u201d. Only you see it."),
        max_length=60,
        error_messages={"required": _("Enter a name.")},
    )
    passkey = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput())


class JoinForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Your colleagues see it."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    password = _password(
        _("Choose a password"),
        "new-password",
        help_text=_("12 characters or more. Several words in a row are good."),
        error_messages={"required": _("Choose a password.")},
    )
    again = _password(
        _("The same password again"),
        "new-password",
        error_messages={"required": _("Enter the same password again.")},
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("The two passwords are not the same."), code="mismatch")
        return again


class RoleForm(forms.Form):
    """What somebody may do, and for whose cases."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        widget=Radios(
            hints={
                Role.CASEWORKER: _("Works on the cases of their teams."),
                Role.SUPERVISOR: _("Also assigns cases and approves what is listed."),
                Role.AUDITOR: _("Reads the log. Sees no case."),
                Role.ADMINISTRATOR: _("Manages accounts, settings and partners. Sees no case."),
            }
        ),
        error_messages={"required": _("Choose a role.")},
    )
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"), queryset=Team.objects.all(), required=False, widget=Checkboxes()
    )


class InviteForm(RoleForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter an e-mail address.")},
    )
    name = forms.CharField(label=_("Name"), max_length=120, error_messages={"required": _("Enter a name.")})
    field_order = ("email", "name", "role", "teams")
