"""The form of a list of helplines."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DIALLED = frozenset("+0123456789 ()-")
KEYS = frozenset({"name", "phone", "url", "hours"})


def check(value: object) -> None:
    """Raise ValidationError unless `value` is a list of {"name", "phone", "url", "hours"}, all of them texts.

    Addresses must be https, and phone numbers such that a phone can dial them.
    """
    if not isinstance(value, list) or not all(_is_helpline(item) for item in value):
        raise ValidationError(
            _("Give each helpline a name, and a phone number or an https address."), code="helplines"
        )


def check_phone(value: str) -> None:
    """Raise ValidationError unless a phone can dial it."""
    if not set(value) <= DIALLED:
        raise ValidationError(_("Enter a phone number that can be dialled."), code="phone")


def _is_helpline(item: object) -> bool:
    if (
        not isinstance(item, dict)
        or set(item) != KEYS
        or not all(isinstance(text, str) for text in item.values())
    ):
        return False
    dialled = set(item["phone"]) <= DIALLED
    reached = item["url"] == "" or item["url"].startswith("https://")
    return bool(item["name"] and (item["phone"] or item["url"]) and dialled and reached)
