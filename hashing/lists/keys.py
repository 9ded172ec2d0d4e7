"""Check a partner's key: the same work for known and unknown ones, and a reason only for the log."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

from django.db.models import Q
from django.utils.translation import gettext as _

from hashing.lists.models import PartnerKey
from hashing.lists.refusals import KeyRefused, Refusal
from hashing.lists.states import Wire
from portal.audit import unrecorded
from portal.core import clock

_NOBODY = hashlib.sha256(b"").digest()
# The last use is kept to the minute: not every pull writes it.
_USE_STEP = timedelta(minutes=1)


@dataclass(frozen=True)
class Presented:
    """What a caller shows. `certificate`: the SHA-256 (hex) that a named proxy vouches for, or empty."""

    prefix: str
    secret: str
    wire: Wire
    address: str
    certificate: str = ""


def check(given: Presented) -> PartnerKey:
    """The key, with its partner and list. Raises KeyRefused, which knows why."""
    # A prefix with a NUL, which PostgreSQL's text can't hold, is as unknown as any other.
    known = PartnerKey.objects.select_related("partner", "list").filter(
        prefix=given.prefix.replace("\0", "?")
    )
    key = known.first()
    digest = hashlib.sha256(given.secret.encode()).digest()
    same = hmac.compare_digest(digest, bytes(key.secret_sha256) if key else _NOBODY)
    reason = "unknown_key" if key is None else _why_not(key, given) if same else "wrong_secret"
    if key is None or reason:
        raise _refusal(key, given.wire, reason)
    _note_use(key)
    return key


def _refusal(key: PartnerKey | None, wire: Wire, reason: str) -> Refusal:
    message = _("This key isn't accepted here. Ask the agency if you think it should be.")
    refusal = KeyRefused(message, code="key_refused")
    return refusal.because(partner_id=key.partner_id if key else None, wire=wire, reason=reason)


def recheck(key: PartnerKey) -> None:
    """After a wait. Raises KeyRefused for a key that has ended meanwhile."""
    now = PartnerKey.objects.select_related("partner").get(pk=key.pk)
    reason = next((reason for reason, holds in _ended(now).items() if holds), "")
    if reason:
        raise _refusal(now, Wire(now.wire), reason)


def _ended(key: PartnerKey) -> dict[str, bool]:
    now = clock.now()
    return {
        "revoked": key.revoked_at is not None and key.revoked_at <= now,
        "expired": key.expires_at is not None and key.expires_at <= now,
        "inactive": not key.partner.is_active,
    }


def _why_not(key: PartnerKey, given: Presented) -> str:
    reasons = {
        "other_wire": key.wire != given.wire,
        **_ended(key),
        "network": bool(key.networks) and not within(given.address, key.networks),
        "certificate": bool(key.certificate)
        and not hmac.compare_digest(key.certificate.encode(), given.certificate.encode()),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


@unrecorded("when a key was last used; each pull with it is recorded")
def _note_use(key: PartnerKey) -> None:
    now = clock.now()
    if key.last_used_at is None or key.last_used_at < now - _USE_STEP:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _USE_STEP)
        PartnerKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def within(address: str, networks: list[str]) -> bool:
    """Whether an address is in one of the networks; text that is no address is in none."""
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    caller = getattr(caller, "ipv4_mapped", None) or caller
    return any(caller in ip_network(network) for network in networks)
