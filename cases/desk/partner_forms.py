"""Forms about what partners report and submit."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from hashing.lists.models.quarantine import Outcome
from hashing.lists.states import Category, Reason
from portal.ui.widgets import Radios

# The sandbox is filled by administrators, with pictures of nobody.
CATEGORIES = [(one.value, one.label) for one in Category if one is not Category.SANDBOX]
# Restricted lists alone take what may be of a child.
OF_ADULTS = [(code, label) for code, label in CATEGORIES if code != Category.CHILD]


class CategoryField(forms.ChoiceField):
    """What was done: partners get it as the entry's category."""

    def __init__(self, case: Case) -> None:
        super().__init__(
            label=_("What was done?"),
            help_text=_("Partners get this with the fingerprints, and nothing else about the case."),
            choices=CATEGORIES if case.team.restricted else OF_ADULTS,
            widget=Radios(),
            error_messages={"required": _("Choose what was done.")},
        )


class OutcomeForm(forms.Form):
    """What the first person thinks should become of an entry in quarantine."""

    outcome = forms.ChoiceField(
        label=_("What should become of it?"),
        widget=Radios(),
        choices=[
            (Outcome.RESTORED.value, _("Put it back on the list")),
            (Outcome.WITHDRAWN.value, _("Withdraw it for good")),
        ],
        error_messages={"required": _("Choose what should become of it.")},
    )
    digest = forms.CharField(widget=forms.HiddenInput(), validators=[RegexValidator("^[0-9a-f]{64}$")])


class LinkForm(forms.Form):
    """Of which file of which case it is a copy."""

    reference = forms.CharField(
        label=_("Reference of the case"), max_length=20, error_messages={"required": _("Give the reference.")}
    )
    position = forms.IntegerField(
        label=_("Number of the file"),
        min_value=1,
        max_value=1000,
        error_messages={"required": _("Give the number of the file.")},
    )


class RefuseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why not?"),
        widget=Radios(),
        choices=[(one.value, one.label) for one in (Reason.NOT_ENOUGH, Reason.COLLISION, Reason.MISTAKE)],
        error_messages={"required": _("Choose why it should not be listed.")},
    )
