"""The address by which somebody joins: signed, good for one use and seven days."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import Staff
from portal.core.errors import NotFound

VALID = timedelta(days=7)
_SALT = "portal.accounts.join"


def address(invitation: UUID) -> str:
    """The whole address of the page that takes this invitation up."""
    token = signing.dumps(invitation.hex, salt=_SALT)
    return settings.BASE_URL.rstrip("/") + reverse("accounts:join", args=[token])


def invited(token: str, *, lock: bool = False) -> Staff:
    """Who is invited, the row locked if asked; NotFound if the token is forged, too old or used."""
    try:
        invitation = UUID(signing.loads(token, salt=_SALT, max_age=VALID))
    except (signing.BadSignature, ValueError):
        raise _gone() from None
    accounts = Staff.objects.select_for_update() if lock else Staff.objects.all()
    staff = accounts.filter(invitation=invitation, is_active=True).first()
    if staff is None:
        raise _gone()
    return staff


def _gone() -> NotFound:
    return NotFound(
        _("This invitation has been used or is too old. Ask an administrator for a new one."),
        code="invitation_gone",
    )
