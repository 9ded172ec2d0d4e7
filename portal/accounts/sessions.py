"""The desk's session: how long it lasts, and what it remembers. All of it is kept on the server."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID

import django_otp
from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django_otp.models import Device

from portal.accounts import services
from portal.accounts.models import Staff
from portal.audit import unrecorded
from portal.core import clock
from portal.core.context import Context

ABSOLUTE = timedelta(hours=10)
IDLE = timedelta(minutes=15)
STEP_UP = timedelta(minutes=5)
PENDING = timedelta(minutes=10)
# The time of the last request is written at most this often, so that parallel requests seldom collide.
GRAIN = timedelta(seconds=20)

STARTED_AT = "desk_started_at"
SEEN_AT = "desk_seen_at"
STEPPED_UP_AT = "stepped_up_at"
_PENDING = "desk_pending"
_JOINING = "desk_joining"
_INVITATION = "desk_invitation"
_CHALLENGE = "desk_challenge"
Purpose: TypeAlias = Literal["make", "use"]


def open_desk(request: HttpRequest, staff: Staff, device: Device) -> None:
    """Log in, under a new session key. The second factor just given also opens the step-up window.

    Sessions that have ended on their own are swept here: nothing else makes rows that outlive their browser.
    """
    request.session.flush()
    request.session.clear_expired()
    auth.login(request, staff, backend="portal.accounts.backends.StaffBackend")
    django_otp.login(request, device)
    now = clock.now().timestamp()
    request.session.update({STARTED_AT: now, SEEN_AT: now, STEPPED_UP_AT: now})
    services.note_session(
        Context(staff.actor),
        staff_id=staff.pk,
        key=request.session.session_key or "",
        method=getattr(device, "METHOD", "passkey"),
        user_agent=request.headers.get("User-Agent", ""),
    )


def still_open(session: SessionBase) -> bool:
    """Whether the session is within both its limits; if so, notes that it is in use."""
    if not within_limits(session):
        return False
    now, seen = clock.now().timestamp(), session.get(SEEN_AT, 0)
    if now - seen >= GRAIN.total_seconds():
        session[SEEN_AT] = now
    return True


def within_limits(kept: SessionBase | dict[str, Any]) -> bool:
    """Whether what a session keeps says that it is younger than 10 hours and was used within 15 minutes."""
    now = clock.now().timestamp()
    young = now - kept.get(STARTED_AT, 0) < ABSOLUTE.total_seconds()
    return bool(young and now - kept.get(SEEN_AT, 0) < IDLE.total_seconds())


def close(request: HttpRequest) -> None:
    """Forget everything, in this browser and on the server."""
    auth.logout(request)


def step_up(session: SessionBase) -> None:
    session[STEPPED_UP_AT] = clock.now().timestamp()


def is_stepped_up(session: SessionBase) -> bool:
    since = clock.now().timestamp() - session.get(STEPPED_UP_AT, 0)
    return bool(0 <= since < STEP_UP.total_seconds())


def remember_password_given(request: HttpRequest, staff: Staff) -> None:
    """The first factor was right: wait for the second, under a new session key."""
    _remember(request, _PENDING, staff)


def password_given(session: SessionBase) -> UUID | None:
    """Whose password was given a short while ago in this session."""
    return _recall(session, _PENDING)


def remember_challenge(session: SessionBase, purpose: Purpose, state: dict[str, Any]) -> None:
    """What the browser was asked to sign, until it answers. One made for a use makes no new passkey."""
    session[f"{_CHALLENGE}_{purpose}"] = {"state": state, "at": clock.now().timestamp()}


@unrecorded("forgets what the session asked; the use of a passkey, or its failure, is recorded")
def take_challenge(session: SessionBase, purpose: Purpose) -> dict[str, Any] | None:
    """The same, once: the session forgets it before the answer is looked at."""
    found = session.pop(f"{_CHALLENGE}_{purpose}", None)
    session.save()
    if found is None or clock.now().timestamp() - found["at"] >= PENDING.total_seconds():
        return None
    state: dict[str, Any] = found["state"]
    return state


def remember_joining(request: HttpRequest, staff: Staff) -> None:
    """The invitation was taken up: wait for the first code of the authenticator app."""
    _remember(request, _JOINING, staff)


def joining(session: SessionBase) -> UUID | None:
    return _recall(session, _JOINING)


def remember_invitation(session: SessionBase, staff: Staff, address: str) -> None:
    """Keep an invitation's address for the page that shows it to whoever made it, and to nobody else."""
    session[_INVITATION] = {"invitation": str(staff.invitation), "address": address}


def invitation_for(session: SessionBase, staff: Staff) -> str | None:
    """The address to hand over, as long as it is still the one that counts."""
    found = session.get(_INVITATION)
    if found is None or staff.invitation is None or found["invitation"] != str(staff.invitation):
        return None
    return str(found["address"])


def _remember(request: HttpRequest, name: str, staff: Staff) -> None:
    request.session.flush()
    request.session[name] = {"staff": str(staff.pk), "at": clock.now().timestamp()}


def _recall(session: SessionBase, name: str) -> UUID | None:
    found = session.get(name)
    if found is None or clock.now().timestamp() - found["at"] >= PENDING.total_seconds():
        return None
    return UUID(found["staff"])
