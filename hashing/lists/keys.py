"""Check a partner's key: constant work for known and unknown ones, and a reason only for the log."""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import ip_address, ip_network

from django.db import transaction
from django.utils.translation import gettext as _

from hashing.lists.models import PartnerKey
from hashing.lists.states import Wire
from portal.audit import Subject, Verb, record
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import DomainError

_NOBODY = hashlib.sha256(b"").digest()


class KeyRefused(DomainError):
    """The same answer whatever was wrong with it."""

    status = 401
    auth_header = 'Bearer realm="partners"'


def check(*, prefix: str, secret: str, wire: Wire, address: str) -> PartnerKey:
    """The key, with its partner and list. Raises KeyRefused; if such a key exists, that is audited."""
    # A prefix with a NUL, which PostgreSQL's text can't hold, is as unknown as any other.
    known = PartnerKey.objects.select_related("partner", "list").filter(prefix=prefix.replace("\0", "?"))
    key = known.first()
    given = hashlib.sha256(secret.encode()).digest()
    same = hmac.compare_digest(given, bytes(key.secret_sha256) if key else _NOBODY)
    if key is None:
        raise _refused()
    reason = _why_not(key, wire, address) if same else "wrong_secret"
    if reason:
        with transaction.atomic():
            ctx = Context.partner(key.partner_id)
            record(
                ctx, Verb.PARTNER_REFUSED, Subject("partner", key.partner_id), wire=str(wire), reason=reason
            )
        raise _refused()
    return key


def _refused() -> KeyRefused:
    return KeyRefused(
        _("This key isn't accepted here. Ask the agency if you think it should be."), code="key_refused"
    )


def _why_not(key: PartnerKey, wire: Wire, address: str) -> str:
    now = clock.now()
    reasons = {
        "other_wire": key.wire != wire,
        "revoked": key.revoked_at is not None and key.revoked_at <= now,
        "expired": key.expires_at is not None and key.expires_at <= now,
        "inactive": not key.partner.is_active,
        "network": bool(key.networks) and not _within(address, key.networks),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _within(address: str, networks: list[str]) -> bool:
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    caller = getattr(caller, "ipv4_mapped", None) or caller
    return any(caller in ip_network(network) for network in networks)
