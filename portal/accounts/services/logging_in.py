"""The first factor, and the end of a session."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts import throttle
from portal.accounts.models import Staff
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Invalid


def check_password(ctx: Context, *, email: str, password: str, network: str) -> Staff:
    """Whose e-mail address and password these are; the second factor comes next (log_in).

    `network` is where the try comes from (networks.network_of). Raises Invalid, with one sentence and the
    same work whether the address is unknown or the password wrong, and TooMany when the limit is reached.
    """
    account = f"{Staff.objects.normalise(email)} {network}"
    throttle.take(throttle.NETWORK, network, at=ctx.at)
    throttle.take(throttle.ACCOUNT, account, at=ctx.at)
    staff = authenticate(email=email, password=password)
    if not isinstance(staff, Staff):
        _record_failure(ctx, email)
        raise Invalid(_("The e-mail address or the password is not right."), code="login_refused")
    throttle.give_back(throttle.NETWORK, network)
    throttle.clear(throttle.ACCOUNT, account, at=ctx.at)
    return staff


@transaction.atomic
def log_out(ctx: Context) -> None:
    """The person ends their session themselves."""
    record(ctx, Verb.STAFF_LOGGED_OUT, Subject("staff", ctx.actor.id))


@transaction.atomic
def _record_failure(ctx: Context, email: str) -> None:
    """One entry, naming the account if there is one: what was typed may be anything, even a password."""
    known = Staff.objects.filter(email=Staff.objects.normalise(email)).values_list("pk", flat=True).first()
    record(ctx, Verb.STAFF_LOGIN_FAILED, Subject("staff", known or "unknown"), reason="password")
