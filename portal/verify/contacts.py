"""A contact as it is compared, hashed and written to: an email address, or an E.164 telephone number."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from portal.core.errors import Invalid
from portal.notify.models import Channel


@dataclass(frozen=True)
class Contact:
    channel: Channel
    value: str

    def __repr__(self) -> str:
        return f"Contact({self.channel.value})"  # never the value: it would reach logs and tracebacks


def email(typed: str) -> Contact:
    """An address with its domain in lower case. Raises Invalid (code email_format)."""
    address = typed.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        message = _("Enter an email address in the correct format, like name@example.com.")
        raise Invalid(message, code="email_format") from error
    local, _at, domain = address.rpartition("@")
    return Contact(Channel.EMAIL, f"{local}@{domain.lower()}")


def phone(typed: str, *, country: str) -> Contact:
    """A number in E.164; one without a country code is taken to be in `country` (ISO 3166, two letters).

    Raises Invalid (code phone_format).
    """
    message = _("Enter a mobile phone number, like 0412 345 678 or +61 412 345 678.")
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException as error:
        raise Invalid(message, code="phone_format") from error
    if not phonenumbers.is_possible_number(number):
        raise Invalid(message, code="phone_format")
    return Contact(Channel.SMS, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
