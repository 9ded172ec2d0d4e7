"""Who may report, on what proof, and the four questions; and what somebody else says of a refusal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from cases.assessments import PROOFS, Answers
from cases.models import Case
from cases.models.assessment import Answer, Basis, Outcome, Proof, Review
from cases.services import messaging
from cases.services.assessing import SHORTEST
from portal.ui.fields import choice_field
from portal.ui.widgets import Radios

LETTER = messaging.LONGEST - 500  # the way on is written under it


def _question(label: Any, hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=Answer.choices,
        widget=Radios,
        error_messages={"required": _("Choose an answer. You can choose “Not clear yet”.")},
    )


def _reasons(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=_("Kept encrypted. Name no number of a document, and describe nothing you need not."),
        min_length=SHORTEST,
        max_length=2000,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        error_messages={
            "required": _("Say why."),
            "min_length": _("Say a little more: at least 10 characters."),
        },
    )


def _letter(label: Any, hint: Any, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.Textarea({"rows": 6, "autocomplete": "off", "dir": "auto"}),
        validators=[MaxLengthValidator(LETTER, _("Shorten it to 3,500 letters."))],
        error_messages={"required": _("Write something first.")},
    )


class AssessmentForm(forms.Form):
    proof = forms.ChoiceField(
        label=_("What shows that they may report it?"),
        help_text=_("A confirmed contact shows how to reach somebody, not who they are."),
        widget=Radios,
        error_messages={"required": _("Choose what was shown, or “Nothing yet”.")},
    )
    may_report = _question(_("May they report it?"), _("The person themselves, or whoever may act for them."))
    basis = forms.ChoiceField(
        label=_("By which door do they come?"),
        choices=Basis.choices,
        widget=Radios,
        error_messages={"required": _("Choose one.")},
    )
    protected = _question(_("Is it what the law protects?"), _("Real, altered or made with a computer."))
    depicts = _question(_("Does it show this person?"))
    unwanted = _question(
        _("Is it without their consent, or do they object?"), _("For an objection, their word is enough.")
    )
    exempt = _question(
        _("Does an exception apply?"), _("Such as work of the police or a court, or medical care.")
    )
    reasons = _reasons(_("Why do you answer like this?"))
    letter = _letter(
        _("If this refuses it: what do we write to the person?"),
        _("One clear answer against it refuses it. They read this with their code; that they can have it "
          "looked at again is added in their language."),
        required=False,
    )  # fmt: skip

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data)
        proofs = [(proof.value, proof.label) for proof in PROOFS.get(case.about, ())]
        choice_field(self, "proof").choices = proofs

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and self.answers.outcome is Outcome.REFUSED and not values["letter"].strip():
            self.add_error("letter", _("Write to the person why it is refused."))
        return values

    @property
    def answers(self) -> Answers:
        values = self.cleaned_data
        asked = ("may_report", "protected", "depicts", "unwanted", "exempt")
        return Answers(
            Basis(values["basis"]), Proof(values["proof"]), **{name: Answer(values[name]) for name in asked}
        )


class ReviewForm(forms.Form):
    prefix = "review"

    verdict = forms.ChoiceField(
        label=_("What do you find?"),
        choices=Review.choices,
        widget=Radios,
        error_messages={"required": _("Choose one.")},
    )
    reasons = _reasons(_("Why?"))
    letter = _letter(_("What do we write to the person?"), _("They read it with their code."), required=True)
