"""Accounts, read by those who manage them, and one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django_otp_webauthn.models import WebAuthnCredential

from portal.accounts import policy, sessions
from portal.accounts.models import DeskSession, RecoveryCode, Staff
from portal.accounts.roles import Perm
from portal.core.context import Actor
from portal.core.errors import NotFound


def everyone(viewer: Actor) -> list[Staff]:
    """All accounts with their teams: open ones first, by name."""
    policy.require(viewer, Perm.STAFF_MANAGE)
    return list(Staff.objects.prefetch_related("teams").order_by("-is_active", "name", "email"))


def member(viewer: Actor, staff_id: UUID) -> Staff:
    """One account; NotFound if there is none."""
    policy.require(viewer, Perm.STAFF_MANAGE)
    found = Staff.objects.prefetch_related("teams").filter(pk=staff_id).first()
    if found is None:
        raise NotFound(_("There is no such account."), code="staff_not_found")
    return found


@dataclass(frozen=True)
class Sitting:
    """A session that is still open."""

    session: DeskSession
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class WaysIn:
    """How somebody gets in besides their password and app, and where they are in."""

    passkeys: list[WebAuthnCredential]
    codes_left: int
    sittings: list[Sitting]


def own_ways_in(viewer: Actor, *, key: str | None) -> WaysIn:
    """The viewer's own; `key` is that of the session that asks. Newest first."""
    return WaysIn(
        list(WebAuthnCredential.objects.filter(user=viewer.id).order_by("-created_at", "-pk")),
        RecoveryCode.objects.filter(codes__user=UUID(viewer.id), used_at=None).count(),
        _sittings(UUID(viewer.id), key),
    )


def open_sessions(viewer: Actor, staff_id: UUID) -> int:
    """How many sessions of somebody are open, for those who manage accounts."""
    policy.require(viewer, Perm.STAFF_MANAGE)
    return len(_sittings(staff_id, None))


def _sittings(staff_id: UUID, key: str | None) -> list[Sitting]:
    rows = DeskSession.objects.filter(staff=staff_id).select_related("session").order_by("-opened_at")
    kept = [(row, row.session.get_decoded()) for row in rows]
    return [
        Sitting(row, datetime.fromtimestamp(data[sessions.SEEN_AT], UTC), row.session_id == key)
        for row, data in kept
        if sessions.within_limits(data)
    ]
