"""Accounts of whoever did it, and cases that somebody knows to belong together."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import platforms
from cases.services import handles
from portal.ui.widgets import Code


class HandleForm(forms.Form):
    prefix = "handle"

    platform = forms.ChoiceField(
        label=_("Service"),
        required=False,
        choices=[("", _("Another service")), *((one.code, one.name) for one in platforms.PLATFORMS)],
    )
    name = forms.CharField(
        label=_("Account"),
        help_text=_("Its name as the service shows it, such as @name. It is kept encrypted."),
        max_length=handles.LONGEST,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
        error_messages={"required": _("Enter the account's name.")},
    )


class OtherForm(forms.Form):
    prefix = "other"

    reference = forms.CharField(
        label=_("Reference of the other case"),
        max_length=20,
        widget=Code,
        error_messages={"required": _("Enter the reference of a case.")},
    )
