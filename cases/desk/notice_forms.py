"""The form of a notice: what every letter needs, and what its law asks for besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import locations
from cases.models import Location
from cases.notices.notice import Action, Basis, Notice, Standing
from cases.notices.regime import Regime
from cases.services.notice_records import Wanted
from portal.ui.fields import choice_field
from portal.ui.widgets import Checkboxes, Radios

LONGEST_CLOCK = 24 * 30  # hours

_ACTIONS = {
    Action.COPIES: gettext_lazy("Remove copies that are the same or substantially the same"),
    Action.BLOCK: gettext_lazy("Stop it from being uploaded again, by the attached fingerprints"),
    Action.PRESERVE: gettext_lazy("Keep evidence and logs for the police"),
    Action.DEINDEX: gettext_lazy("Take it out of search results"),
    Action.SILENCE: gettext_lazy("Don't tell the uploader who asked"),
}
# Asked only where the regime's law wants it; the rest is asked of every notice.
_ONLY_IF_ASKED = frozenset(
    {"reasons", "provision", "territory", "redress", "good_faith", "accurate", "signed_by", "authority"}
)
# Where what a law asks for is another field of the form.
_FIELDS = {"items": "positions", "recipient": "service", "signature": "signed_by"}


def _text(
    label: Any, help_text: Any = "", *, most: int = 1000, rows: int = 0, **more: Any
) -> forms.CharField:
    widget = (
        forms.Textarea({"rows": rows, "autocomplete": "off"})
        if rows
        else forms.TextInput({"autocomplete": "off"})
    )
    return forms.CharField(label=label, help_text=help_text, max_length=most, widget=widget, **more)


class NoticeForm(forms.Form):
    """Its choices of locations come from the case; a change of a notice asks for none."""

    positions = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Which addresses?"), coerce=int, widget=Checkboxes
    )
    service = _text(gettext_lazy("Name of the service"), most=120)
    email = forms.EmailField(
        label=gettext_lazy("Mail address of its legal or designated contact (optional)"),
        help_text=gettext_lazy(
            "Without one nothing is mailed: you hand the letter in on the service's form."
        ),
        required=False,
    )
    language = forms.RegexField(
        "^[a-z]{2}$",
        label=gettext_lazy("Language of its contact point"),
        help_text=gettext_lazy("Two letters, such as en or de."),
        initial="en",
        max_length=2,
    )
    description = _text(
        gettext_lazy("What do the addresses show?"),
        gettext_lazy("One plain sentence without intimate detail: enough to know it when one sees it."),
        most=500,
        rows=3,
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("By which door did the person come?"),
        choices=[
            (Basis.COMPLAINT.value, gettext_lazy("Complaint: they did not agree")),
            (Basis.OBJECTION.value, gettext_lazy("Objection: whatever they once agreed to")),
        ],
        widget=Radios,
    )
    standing = forms.ChoiceField(
        label=gettext_lazy("Who reported it?"),
        choices=[
            (Standing.SELF.value, gettext_lazy("The person shown")),
            (Standing.AUTHORISED.value, gettext_lazy("Somebody whom they authorised")),
            (Standing.PARENT.value, gettext_lazy("A parent or guardian")),
        ],
        widget=Radios,
    )
    synthetic = forms.BooleanField(
        label=gettext_lazy("It was made or changed with a computer"), required=False
    )
    account = _text(gettext_lazy("Account that posted it (optional)"), most=200, required=False)
    content_id = _text(gettext_lazy("The service's own number for it (optional)"), most=200, required=False)
    reasons = _text(
        gettext_lazy("Reasons"),
        gettext_lazy("What happened, and why it is against the law."),
        rows=4,
        most=2000,
    )
    provision = _text(gettext_lazy("Provision of national law that the order rests on"), most=500)
    territory = _text(gettext_lazy("Where the order has effect"), most=200)
    redress = _text(gettext_lazy("Redress, for the service and for whoever posted it"), rows=2)
    good_faith = forms.BooleanField(label=gettext_lazy("It is written in good faith"))
    accurate = forms.BooleanField(label=gettext_lazy("It is true and complete to the best of our knowledge"))
    signed_by = _text(gettext_lazy("Signature: your name, as it shall stand in the letter"), most=120)
    authority = _text(
        gettext_lazy("On whose authority"),
        gettext_lazy("Such as: authorised by the person, in writing, on 22 November 2026"),
        most=200,
    )
    actions = forms.MultipleChoiceField(
        label=gettext_lazy("What else are they asked?"),
        choices=[(action.value, words) for action, words in _ACTIONS.items()],
        initial=[Action.COPIES, Action.PRESERVE, Action.SILENCE],
        required=False,
        widget=Checkboxes,
    )
    with_fingerprints = forms.BooleanField(label=gettext_lazy("Attach the fingerprints"), required=False)
    hours = forms.IntegerField(
        label=gettext_lazy("Hours to comply"),
        help_text=gettext_lazy("The law's clock, or longer."),
        max_value=LONGEST_CLOCK,
    )
    cover = _text(
        gettext_lazy("In the recipient's language (optional)"),
        gettext_lazy("Your own words on top of the letter, where English is not enough."),
        rows=3,
        most=3000,
        required=False,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        regime: Regime,
        rows: Sequence[Location],
        may_attach: bool,
        initial: dict[str, Any] | None = None,
        fixed: bool = False,
    ) -> None:
        super().__init__(data, initial={"hours": regime.hours} | (initial or {}))
        self.regime = regime
        asked = {_FIELDS.get(name, name) for one in regime.requirements for name in one.fields}
        asked |= {"authority"} if "signed_by" in asked else set()
        away = _ONLY_IF_ASKED - asked
        away |= set() if may_attach else {"with_fingerprints"}
        away |= set() if regime.may_allow_longer else {"hours"}
        away |= {"positions"} if fixed else set()
        for name in away:
            del self.fields[name]
        if not fixed:
            choices = [(row.position, f"{row.position}: {locations.service(row)}") for row in rows]
            choice_field(self, "positions").choices = choices
        if regime.may_allow_longer:
            self.fields["hours"].validators.append(MinValueValidator(regime.hours))

    def wanted(self) -> Wanted:
        """What was chosen and written, as the service takes it."""
        values = dict(self.cleaned_data)
        values["positions"] = tuple(values.get("positions", ()))
        values["actions"] = tuple(Action(one) for one in values["actions"])
        values["basis"], values["standing"] = Basis(values["basis"]), Standing(values["standing"])
        return Wanted(regime=self.regime.code, **({"hours": self.regime.hours} | values))

    def explain(self, lacking: Sequence[str]) -> None:
        """Say at each field that the law asks for it."""
        for name in lacking:
            shown = _FIELDS.get(name, name)
            field = shown if shown in self.fields else None
            words = _("The law asks for this.")
            self.add_error(field, words if field else _NOT_HERE.get(name, words))


_NOT_HERE: dict[str, Any] = {
    "issuer": gettext_lazy("An administrator must first say where platforms can answer (agency --notices)."),
}


def starting(record: Notice, *, email: str) -> dict[str, Any]:
    """The fields of a form that changes this record."""
    values = {one.name: getattr(record, one.name) for one in fields(record)}
    first, signature = record.items[0], record.signature
    return values | {
        "service": record.recipient.service,
        "language": record.recipient.language,
        "email": email,
        "account": first.account,
        "content_id": first.content_id,
        "signed_by": signature.name if signature else "",
        "authority": signature.authority if signature else "",
        "with_fingerprints": bool(record.fingerprints),
    }
