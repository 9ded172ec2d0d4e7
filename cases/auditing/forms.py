"""The auditor's questions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.auditing.search import Wanted
from cases.models import Case
from portal.accounts.models import Staff
from portal.audit import Verb
from portal.audit.exports import SHORTEST_REASON
from portal.core import references
from portal.ui.fields import choice_field


class _Day(forms.DateField):
    """A day as 2030-01-31."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=forms.TextInput({"class": "govuk-input--width-10", "autocomplete": "off"}),
            error_messages={"invalid": _("Enter a day like 2030-01-31.")},
        )


class SearchForm(forms.Form):
    """Every field may be left empty."""

    who = forms.CharField(
        label=_("Who"),
        help_text=_("A staff email address, or an id from a line below"),
        max_length=254,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    verb = forms.ChoiceField(label=_("What"), required=False)
    about = forms.CharField(
        label=_("About"),
        help_text=_("A case's reference, or an id"),
        max_length=64,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    since = _Day(_("From this day"))
    until = _Day(_("To this day"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        choices = [("", _("Anything")), *((verb.value, verb.value) for verb in sorted(Verb))]
        choice_field(self, "verb").choices = choices

    @property
    def wanted(self) -> Wanted:
        """Of a valid form."""
        asked = self.cleaned_data
        until = asked["until"] and asked["until"] + timedelta(days=1)
        return Wanted(
            actor_id=_actor(asked["who"].strip()),
            verb=asked["verb"],
            subjects=_subjects(asked["about"].strip()),
            since=_midnight(asked["since"]),
            until=_midnight(until),
        )


class ExportForm(forms.Form):
    """What to take out, and why."""

    since = forms.IntegerField(
        label=_("From which entry?"),
        help_text=_("Its number in the log; 0 is the first"),
        min_value=0,
        initial=0,
        widget=forms.TextInput(
            {"class": "govuk-input--width-10", "inputmode": "numeric", "autocomplete": "off"}
        ),
        error_messages={"required": _("Enter a number."), "invalid": _("Enter a number.")},
    )
    reason = forms.CharField(
        label=_("Why do you take it out?"),
        help_text=_("One sentence. It is kept, and the log commits to it."),
        min_length=SHORTEST_REASON,
        max_length=500,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        error_messages={
            "required": _("Say why you take it out."),
            "min_length": _("Say a little more: at least 10 characters."),
        },
    )


def _actor(who: str) -> str:
    """A member of staff by their address; anything else is an id as the log holds it."""
    found = (
        Staff.objects.filter(email__iexact=who).values_list("pk", flat=True).first() if "@" in who else None
    )
    return str(found) if found else who


def _subjects(about: str) -> tuple[str, ...]:
    """The ids that somebody means: of a case also those of its pictures."""
    if not about or _is_uuid(about):
        return (about,) if about else ()
    case = Case.objects.filter(reference=references.normalise(about)).first()
    if case is None:
        return (about,)
    return (str(case.pk), *(str(pk) for pk in case.pictures.values_list("picture_id", flat=True)))


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _midnight(day: Any) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) if day else None
