"""For which outcomes of a case an agency may set a time of their own."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OUTCOMES = ("closed", "declined", "redirected")


def check_outcomes(value: object) -> None:
    """Raise ValidationError unless it is {outcome: days of at least 1}."""
    right = isinstance(value, dict) and all(
        name in OUTCOMES and type(number) is int and number >= 1 for name, number in value.items()
    )
    if not right:
        raise ValidationError(_("Give a number of days for closed, declined or redirected."), code="outcomes")
