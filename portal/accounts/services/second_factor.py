"""The authenticator app: enrolled, confirmed by its first code, asked at log-in and at step-up.

A recovery code stands in for the app's code, at log-in and at step-up.

A wrong code is counted in the same transaction that checks it, which must be kept; so these raise only
after it has ended.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts import throttle
from portal.accounts.models import RecoveryCodes, Staff, TotpDevice
from portal.accounts.services.checks import locked, only_oneself
from portal.accounts.services.recovery import LENGTH
from portal.audit import Subject, Verb, record
from portal.core import clock, references
from portal.core.context import Context
from portal.core.errors import DomainError, Invalid

Factor: TypeAlias = TotpDevice | RecoveryCodes


@transaction.atomic
def enrol_totp(ctx: Context, *, staff: Staff) -> str:
    """A new secret (base32) for the person's authenticator app; the one before is void at once.

    People enrol their own; the portal itself does it for accounts that it makes.
    """
    only_oneself(ctx, staff.pk)
    locked(staff.pk)
    TotpDevice.objects.filter(user=staff).delete()
    device = TotpDevice.objects.create(user=staff, name="Authenticator app", confirmed=False)
    record(ctx, Verb.STAFF_ENROLLED, Subject("staff", staff.pk))
    secret: str = device.secret
    return secret


def confirm_totp(ctx: Context, *, staff_id: UUID, code: str) -> Factor:
    """The first code of the app that an invited person has enrolled: they have joined.

    An account that is complete needs no such step: its first log-in confirms a new app.
    """
    return _use(ctx, staff_id, code, Verb.STAFF_JOINED)


def log_in(ctx: Context, *, staff_id: UUID, code: str) -> Factor:
    """The second factor at log-in; the password has been checked before (check_password)."""
    return _use(ctx, staff_id, code, Verb.STAFF_LOGGED_IN)


def step_up(ctx: Context, *, staff_id: UUID, code: str) -> Factor:
    """The second factor once more, before something that needs it."""
    return _use(ctx, staff_id, code, Verb.STAFF_STEPPED_UP)


def _use(ctx: Context, staff_id: UUID, code: str, verb: Verb) -> Factor:
    subject = Subject("staff", staff_id)
    with transaction.atomic():
        device = _locked_device(staff_id, code, joining=verb is Verb.STAFF_JOINED)
        refusal = _try(device, code)
        if device is not None and refusal is None:
            if verb is Verb.STAFF_JOINED:
                Staff.objects.filter(pk=staff_id).update(joined_at=ctx.at, invitation=None)
                record(ctx, verb, subject)
            else:
                record(ctx, verb, subject, method=device.METHOD)
            return device
        if isinstance(refusal, Invalid):
            record(ctx, Verb.STAFF_LOGIN_FAILED, subject, reason="code")
    raise refusal or _wrong()


def _locked_device(staff_id: UUID, code: str, *, joining: bool) -> Factor | None:
    """What this code is for, of an active account that has joined, or is about to; its row locked."""
    recovery = len(references.normalise(code)) == LENGTH and not joining
    model: type[Factor] = RecoveryCodes if recovery else TotpDevice
    devices = model.objects.select_for_update(of=("self",)).select_related("user")
    found: Factor | None = devices.filter(
        user=staff_id, user__is_active=True, user__joined_at__isnull=joining
    ).first()
    return found


def _try(device: Factor | None, code: str) -> DomainError | None:
    """Why the code is refused, or None if it is right."""
    if device is None:
        return _wrong()
    allowed, detail = device.verify_is_allowed()
    if not allowed:
        wait: timedelta = detail["locked_until"] - clock.now()
        return throttle.too_many(wait)
    typed = "".join(code.split()) if isinstance(device, TotpDevice) else references.normalise(code)
    return None if device.verify_token(typed) else _wrong()


def _wrong() -> Invalid:
    return Invalid(
        _("This code is not right, or has been used. Wait for the next one and enter that."),
        code="code_refused",
    )
