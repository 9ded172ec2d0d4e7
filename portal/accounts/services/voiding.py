"""What ends with an account, or with a new invitation to it: every way in."""

from __future__ import annotations

from uuid import UUID

from django.contrib.sessions.models import Session
from django_otp_webauthn.models import WebAuthnCredential

from portal.accounts.models import RecoveryCodes, TotpDevice


def void_ways_in(staff_id: UUID) -> None:
    """Delete somebody's second factors and sessions. The caller has locked the account, and records why."""
    TotpDevice.objects.filter(user=staff_id).delete()
    RecoveryCodes.objects.filter(user=staff_id).delete()
    WebAuthnCredential.objects.filter(user=staff_id).delete()
    Session.objects.filter(desk__staff=staff_id).delete()
