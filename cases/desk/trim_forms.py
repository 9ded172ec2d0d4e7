"""The form that says which part of a file is the picture: shares to cut off, as people see them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hashing.enrolment.models import Enrolment, Trim
from hashing.fingerprints.boxes import Rectangle
from portal.ui.fields import choice_field
from portal.ui.widgets import Radios

PROPOSAL, WHOLE, OTHER = "proposal", "whole", "other"
MOST = 95
EDGES = ("left", "top", "right", "bottom")


def _share(label: Any) -> forms.DecimalField:
    widget = forms.NumberInput({"class": "govuk-input--width-4", "inputmode": "decimal", "step": "0.1"})
    return forms.DecimalField(
        label=label, min_value=0, max_value=MOST, decimal_places=1, required=False, widget=widget
    )


class TrimForm(forms.Form):
    """`box` is what was chosen, `drawn` what the page outlines; None for the whole picture."""

    choice = forms.ChoiceField(
        label=gettext_lazy("What shall be fingerprinted?"),
        error_messages={"required": gettext_lazy("Choose what shall be fingerprinted.")},
    )
    left = _share(gettext_lazy("Cut off at the left, in percent"))
    top = _share(gettext_lazy("Cut off at the top, in percent"))
    right = _share(gettext_lazy("Cut off at the right, in percent"))
    bottom = _share(gettext_lazy("Cut off at the bottom, in percent"))

    def __init__(self, data: Any = None, *, enrolment: Enrolment) -> None:
        self.proposal, self.current = enrolment.proposal, enrolment.box
        self.width, self.height = enrolment.picture.width or 1, enrolment.picture.height or 1
        super().__init__(data, initial=self._initial(enrolment))
        hints = {
            WHOLE: _("Only if there is nothing on it but the picture: no screen, no caption, no border."),
            OTHER: _("Fill in how much to cut off, draw the outline, and look at it."),
        }
        choice = choice_field(self, "choice")
        choice.widget = Radios(hints=hints)
        choice.choices = self._choices()

    def _choices(self) -> list[tuple[str, str]]:
        proposed = [(PROPOSAL, _("The part that the computer found"))] if self.proposal else []
        return [*proposed, (WHOLE, _("All of it")), (OTHER, _("Another part"))]

    def _initial(self, enrolment: Enrolment) -> dict[str, Any]:
        """Nothing is chosen until somebody chooses."""
        box = self.current or Rectangle(0, 0, self.width, self.height)
        sizes = (self.width, self.height, self.width, self.height)
        cut = (box.left, box.top, self.width - box.right, self.height - box.bottom)
        shares = {edge: f"{100 * c / size:.1f}" for edge, c, size in zip(EDGES, cut, sizes, strict=True)}
        chosen = {Trim.ACCEPTED: PROPOSAL, Trim.WHOLE: WHOLE, Trim.ADJUSTED: OTHER}
        return shares | {"choice": chosen.get(Trim(enrolment.trim), "")}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("choice") == OTHER and not self.errors and self._other() is None:
            raise forms.ValidationError(_("Leave a part of the picture that is large enough to recognise."))
        return cleaned

    @property
    def box(self) -> Rectangle | None:
        """What was chosen; only once the form is valid."""
        chosen = self.cleaned_data["choice"]
        return self.proposal if chosen == PROPOSAL else self._other() if chosen == OTHER else None

    @property
    def drawn(self) -> Rectangle | None:
        """The fields' rectangle where they were sent and make sense, else what is fingerprinted now."""
        if not self.is_bound:
            return self.current
        self.is_valid()
        return self._other() or self.current

    def _other(self) -> Rectangle | None:
        left, top, right, bottom = (self.cleaned_data.get(edge) or Decimal(0) for edge in EDGES)
        box = Rectangle(
            round(self.width * left / 100),
            round(self.height * top / 100),
            self.width - round(self.width * right / 100),
            self.height - round(self.height * bottom / 100),
        )
        return box if box.fits(self.width, self.height) else None
