"""Passkeys: added by their owner, used in place of a code, removed.

The browser signs a challenge that the session holds; each challenge is good for one answer, right or wrong.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.models import WebAuthnCredential
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException

from portal.accounts.ceremonies import Ceremonies
from portal.accounts.models import Staff
from portal.accounts.services.checks import locked, only_oneself
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import DomainError, Invalid, NotFound

State = dict[str, Any]
LONGEST_NAME = 60
# What the two libraries raise for an answer that isn't one, or not to this challenge.
_REFUSALS = (OTPWebAuthnApiError, WebAuthnException, ValueError, KeyError, TypeError, AttributeError)


@transaction.atomic
def add_passkey(
    ctx: Context, *, staff_id: UUID, name: str, state: State | None, answer: str
) -> WebAuthnCredential:
    """Keep the public key that the browser made for the challenge in `state`. Invalid if it did not."""
    only_oneself(ctx, staff_id)
    staff = locked(staff_id)
    if state is None:
        raise _refused()
    try:
        with transaction.atomic():
            passkey = Ceremonies().register_complete(staff, state, json.loads(answer))
    except _REFUSALS:
        raise _refused() from None
    passkey.name = name.strip()[:LONGEST_NAME] or _("Passkey")
    passkey.save(update_fields=["name"])
    record(ctx, Verb.STAFF_PASSKEY_ADDED, Subject("staff", staff_id))
    return passkey


@transaction.atomic
def remove_passkey(ctx: Context, *, staff_id: UUID, passkey_id: int) -> None:
    """Forget one of one's own passkeys; sessions that it opened end at their next request."""
    only_oneself(ctx, staff_id)
    found = WebAuthnCredential.objects.select_for_update().filter(pk=passkey_id, user=staff_id)
    if not found:
        raise NotFound(_("There is no such passkey."), code="passkey_not_found")
    found.delete()
    record(ctx, Verb.STAFF_PASSKEY_REMOVED, Subject("staff", staff_id))


def log_in_with_passkey(
    ctx: Context, *, staff_id: UUID, state: State | None, answer: str
) -> WebAuthnCredential:
    """The second factor at log-in; the password has been checked before (check_password)."""
    return _use(ctx, staff_id, state, answer, Verb.STAFF_LOGGED_IN)


def step_up_with_passkey(
    ctx: Context, *, staff_id: UUID, state: State | None, answer: str
) -> WebAuthnCredential:
    """The second factor once more, before something that needs it."""
    return _use(ctx, staff_id, state, answer, Verb.STAFF_STEPPED_UP)


def _use(ctx: Context, staff_id: UUID, state: State | None, answer: str, verb: Verb) -> WebAuthnCredential:
    """Raises only after the failure is on record, so this must not run inside another transaction."""
    subject = Subject("staff", staff_id)
    with transaction.atomic():
        passkey = _verified(staff_id, state, answer)
        if passkey is not None:
            record(ctx, verb, subject, method="passkey")
            return passkey
        record(ctx, Verb.STAFF_LOGIN_FAILED, subject, reason="passkey")
    raise _refused()


def _verified(staff_id: UUID, state: State | None, answer: str) -> WebAuthnCredential | None:
    """The passkey that signed, its row locked so that no signature counts twice; None if none did."""
    staff = Staff.objects.filter(pk=staff_id, is_active=True, joined_at__isnull=False).first()
    if staff is None or state is None:
        return None
    try:
        given = json.loads(answer)
        wanted = WebAuthnCredential.get_credential_id_sha256(
            parse_authentication_credential_json(given).raw_id
        )
        WebAuthnCredential.objects.select_for_update().filter(credential_id_sha256=wanted).first()
        with transaction.atomic():
            found: WebAuthnCredential = Ceremonies().authenticate_complete(staff, state, given)
            return found
    except _REFUSALS:
        return None


def _refused() -> DomainError:
    return Invalid(
        _("The passkey did not answer, or took too long. Try again, or use a code."), code="passkey_refused"
    )
