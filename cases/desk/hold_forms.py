"""Why a case must be kept, until when, and whether its person may know."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class HoldForm(forms.Form):
    reason = forms.CharField(
        label=_("Why must nothing be destroyed?"),
        help_text=_("Such as: a court's order, with its number. Kept encrypted; the second person reads it."),
        min_length=10,
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Say why.")},
    )
    ends_on = forms.DateField(
        label=_("Until which day?"),
        help_text=_("Like 2027-03-31. Three years at most; it can be placed again."),
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-10"}),
        input_formats=["%Y-%m-%d"],
        error_messages={"required": _("Enter a day."), "invalid": _("Enter a day like 2027-03-31.")},
    )
    hidden = forms.BooleanField(
        label=_("A law forbids telling the person"),
        help_text=_("Otherwise they see on their own page that their data is kept, and until when."),
        required=False,
    )
    law = forms.CharField(
        label=_("Which law (only if it must not be told)"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
