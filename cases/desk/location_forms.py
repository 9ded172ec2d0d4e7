"""Forms about locations: the steps that lead on from where one is, and further addresses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Capture, Location, PassedTo, Refusal
from cases.states import LOCATION, LocationState
from portal.ui.fields import choice_field
from portal.ui.widgets import Radios

# The steps of a notice are taken with the notice, a finding again with a re-check.
_ELSEWHERE = frozenset(
    {LocationState.NOTICE_DRAFTED, LocationState.NOTICE_APPROVED, LocationState.SENT, LocationState.FOUND}
)


class StepForm(forms.Form):
    """What happened, of what can happen from here; details are part of the choice."""

    step = forms.ChoiceField(
        label=gettext_lazy("What happened?"),
        widget=Radios,
        error_messages={"required": gettext_lazy("Choose what happened.")},
    )

    def __init__(self, data: Any = None, *, location: Location) -> None:
        super().__init__(data)
        choice_field(self, "step").choices = _choices(LocationState(location.state))

    @property
    def chosen(self) -> tuple[LocationState, str]:
        state, _colon, detail = self.cleaned_data["step"].partition(":")
        return LocationState(state), detail

    @property
    def offers_something(self) -> bool:
        return bool(choice_field(self, "step").choices)


def _choices(state: LocationState) -> list[tuple[str, str]]:
    ends_a_draft = state in {LocationState.NOTICE_DRAFTED, LocationState.NOTICE_APPROVED}
    to = frozenset() if ends_a_draft else LOCATION[state] - _ELSEWHERE
    return [choice for each in LocationState if each in to for choice in _details(each)]


def _details(to: LocationState) -> list[tuple[str, str]]:
    details: dict[LocationState, type[Capture | Refusal | PassedTo]] = {
        LocationState.EVIDENCED: Capture,
        LocationState.REFUSED: Refusal,
        LocationState.ESCALATED: PassedTo,
    }
    if to in details:
        front = {
            LocationState.EVIDENCED: _("It is there"),
            LocationState.REFUSED: _("The service refused"),
            LocationState.ESCALATED: _("We asked somebody else to act"),
        }[to]
        return [(f"{to.value}:{each.value}", f"{front}: {each.label}") for each in details[to]]
    words = {
        LocationState.INFORMAL_REQUEST: _("We asked the service on its own form"),
        LocationState.ACKNOWLEDGED: _("The service confirmed that it has our letter"),
        LocationState.REMOVED: _("It was removed"),
        LocationState.PARTLY: _("A part of it was removed"),
        LocationState.UNREACHABLE: _("Nobody can be reached there"),
    }
    return [(to.value, words[to])]


class LookForm(forms.Form):
    """Somebody looked again."""

    up = forms.ChoiceField(
        label=gettext_lazy("Is it still there?"),
        choices=[("yes", gettext_lazy("Yes, it is there")), ("no", gettext_lazy("No, it is gone"))],
        widget=Radios,
        error_messages={"required": gettext_lazy("Choose what you saw.")},
    )


class AddressesForm(forms.Form):
    addresses = forms.CharField(
        label=gettext_lazy("Addresses"),
        help_text=gettext_lazy(
            "One per line, at most 50. They are kept, never opened by the portal. "
            "What the case has already is left out."
        ),
        widget=forms.Textarea({"rows": 6, "autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
        max_length=120_000,
        error_messages={"required": gettext_lazy("Enter at least one address.")},
    )
