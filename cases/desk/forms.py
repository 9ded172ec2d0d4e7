"""The desk's forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from cases.desk.partner_forms import CategoryField
from cases.models import AgeRoute, Case, Priority
from cases.services.reviewing import lists_for
from cases.states import CASE, CaseState, WaitingFor
from hashing.lists.states import Reason
from portal.ui.fields import choice_field
from portal.ui.widgets import Radios

REASON_LENGTH = 10


class RevealForm(forms.Form):
    """Why somebody must see the picture itself."""

    reason = forms.CharField(
        label=_("Why do you need to see it?"),
        help_text=_("One sentence. It is kept, and reviewed later by somebody else."),
        min_length=REASON_LENGTH,
        max_length=500,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        error_messages={
            "required": _("Say why you need to see it."),
            "min_length": _("Say a little more: at least 10 characters."),
        },
    )


class AgeForm(forms.Form):
    """Asked before a file control is shown."""

    age = forms.ChoiceField(
        label=_("Was anyone who can be seen in it under 18 at the time?"),
        choices=[(route, route.label) for route in (AgeRoute.MINOR, AgeRoute.ADULT, AgeRoute.UNSURE)],
        widget=Radios,
        error_messages={"required": _("Choose an answer. You can choose “Not sure”.")},
    )


class FindForm(forms.Form):
    """The vault's upload handler takes the file; the form only shows the control and its errors."""

    upload = forms.Field(
        label=_("Choose a file"),
        help_text=_("It is encrypted as it arrives, and destroyed as soon as the answer is known."),
        required=False,
        widget=forms.FileInput,
    )


class MoveForm(forms.Form):
    """The steps that lead on from the case's state; waiting says for whom."""

    to = forms.ChoiceField(label=_("Move to"))

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data)
        choice_field(self, "to").choices = _steps(case)

    @property
    def step(self) -> tuple[CaseState, WaitingFor]:
        state, _colon, whom = self.cleaned_data["to"].partition(":")
        return CaseState(state), WaitingFor(whom)


def _steps(case: Case) -> list[tuple[str, str]]:
    steps: list[tuple[str, str]] = []
    # Withdrawing and confirming a contact are not steps of the desk: the person's own pages take them.
    # A case is declined by its assessment, which writes to the person why.
    elsewhere = {CaseState.WITHDRAWN, CaseState.VERIFIED, CaseState.DECLINED}
    mine = CASE[CaseState(case.state)] - elsewhere
    for state in [state for state in CaseState if state in mine]:
        if state is not CaseState.WAITING:
            steps.append((state.value, str(state.label)))
            continue
        steps += [
            (f"{state.value}:{whom.value}", f"{state.label}: {whom.label}")
            for whom in WaitingFor
            if whom is not WaitingFor.NOBODY
        ]
    return steps


class PriorityForm(forms.Form):
    """A member of staff knows better than the rules."""

    prefix = "priority"

    priority = forms.TypedChoiceField(
        label=_("How urgent is it?"), choices=Priority.choices, coerce=int, widget=Radios
    )
    reason = forms.CharField(
        label=_("Why?"),
        min_length=REASON_LENGTH,
        max_length=500,
        widget=forms.Textarea({"rows": 2, "autocomplete": "off"}),
        error_messages={
            "required": _("Say why."),
            "min_length": _("Say a little more: at least 10 characters."),
        },
    )


class ListForm(forms.Form):
    """Which list; a restricted team proposes for restricted lists only, any other team for reviewed ones."""

    list_slug = forms.ChoiceField(label=_("Which list?"), widget=Radios())

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data)
        choices = list(lists_for(case).order_by("name").values_list("slug", "name"))
        choice_field(self, "list_slug").choices = choices
        if len(choices) == 1:
            self.fields["list_slug"].initial = choices[0][0]
        self.fields["category"] = CategoryField(case)


class DigestForm(forms.Form):
    """Binds an approval to exactly what was shown."""

    digest = forms.CharField(widget=forms.HiddenInput(), validators=[RegexValidator("^[0-9a-f]{64}$")])


class RejectForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why not?"),
        widget=Radios(),
        choices=[(one.value, one.label) for one in (Reason.NOT_ENOUGH, Reason.COLLISION, Reason.MISTAKE)],
        error_messages={"required": _("Choose why it should not be listed.")},
    )
