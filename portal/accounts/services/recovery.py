"""Recovery codes: for the day when the phone is gone."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from portal.accounts.models import RecoveryCode, RecoveryCodes
from portal.accounts.services.checks import locked, only_oneself
from portal.audit import Subject, Verb, record
from portal.core import references
from portal.core.context import Context

HOW_MANY = 10
LENGTH = references.ACCESS_CODE_LENGTH


@transaction.atomic
def make_recovery_codes(ctx: Context, *, staff_id: UUID) -> list[str]:
    """Ten new codes of 80 bits, told this once; those before are void."""
    only_oneself(ctx, staff_id)
    staff = locked(staff_id)
    device, _made = RecoveryCodes.objects.get_or_create(user=staff, defaults={"name": "Recovery codes"})
    device.codes.all().delete()
    codes = [references.new_access_code() for _ in range(HOW_MANY)]
    RecoveryCode.objects.bulk_create(RecoveryCode(codes=device, digest=device.digest(code)) for code in codes)
    record(ctx, Verb.STAFF_CODES_MADE, Subject("staff", staff_id), codes=HOW_MANY)
    return codes
