"""Checks an e-mail address and a password, with the same work whether or not the account exists."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from portal.accounts.models import Staff


class StaffBackend(BaseBackend):
    """Django's door to the accounts; the second factor comes after it (accounts.services)."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002 (Django's signature)
        email: str = "",
        password: str = "",
        **_: object,
    ) -> Staff | None:
        """The account, or None: one query and one Argon2id computation either way."""
        staff = Staff.objects.filter(email=Staff.objects.normalise(email)).first()
        if staff is None:
            Staff().set_password(password)
            return None
        # An account without a usable password costs one computation too: see check_password.
        right = staff.check_password(password)
        return staff if right and may_enter(staff) else None

    def get_user(self, user_id: UUID | str) -> Staff | None:
        """Whom a session belongs to; None, which ends it, once the account is closed."""
        staff = Staff.objects.filter(pk=user_id).first()
        return staff if staff is not None and may_enter(staff) else None


def may_enter(staff: Staff) -> bool:
    return staff.is_active and staff.joined_at is not None
