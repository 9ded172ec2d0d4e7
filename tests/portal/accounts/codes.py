"""What an authenticator app would show."""

from __future__ import annotations

import base64

from django_otp.oath import TOTP

from portal.accounts.models import Staff, TotpDevice
from portal.core import clock


def code_of(staff: Staff, *, steps: int = 0) -> str:
    """The code for now, or for some 30-second steps later or earlier."""
    secret = TotpDevice.objects.get(user=staff).secret
    totp = TOTP(base64.b32decode(secret))
    totp.time = clock.now().timestamp() + 30 * steps
    return f"{totp.token():06d}"


def wrong_code_of(staff: Staff) -> str:
    """A code that is right neither now nor a step away."""
    right = {code_of(staff, steps=step) for step in (-1, 0, 1)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in right)
