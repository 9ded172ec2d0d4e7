"""Taking up an invitation: name and password first, then the authenticator app."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts import invitations
from portal.accounts.models import Staff
from portal.accounts.services.second_factor import enrol_totp
from portal.core.context import Context
from portal.core.errors import Invalid


@transaction.atomic
def join(*, token: str, name: str, password: str) -> Staff:
    """Set the invited person's name and password, and enrol an authenticator app that is yet to be confirmed.

    Until it is (confirm_totp) the invitation stays open, so an interrupted start can begin anew. There is
    no context to pass: whoever holds the token acts as the account. NotFound if the token is void.
    """
    staff = invitations.invited(token, lock=True)
    staff.name = name.strip()
    if not staff.name:
        raise Invalid(_("Enter your name."), code="name_missing")
    try:
        validate_password(password, staff)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), code="password_weak") from error
    staff.set_password(password)
    staff.save(update_fields=["name", "password"])
    enrol_totp(Context(staff.actor), staff=staff)
    return staff
