"""Who calls, from where, and how much they may."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from limits import parse

from hashing.api import volume
from hashing.lists import keys
from hashing.lists.models import Partner, PartnerKey
from hashing.lists.refusals import KeyRefused
from hashing.lists.states import Wire

# A first pull of 500,000 records over the StopNCII wire, 800 at a time, stays below it.
PULLS = parse("700/minute")
# Of keys that were refused, by network. A good key from the same network is never counted.
REFUSALS = parse("30/minute")
_IPV4_BITS, _IPV6_BITS = 32, 64


@dataclass(frozen=True)
class Caller:
    """A partner, by one of its keys; what DRF calls the user."""

    key: PartnerKey

    is_authenticated = True

    @property
    def partner(self) -> Partner:
        return self.key.partner


def caller(request: HttpRequest, *, prefix: str, secret: str, wire: Wire) -> Caller:
    """The caller by their key. Raises KeyRefused, or TooMany past the key's or the refusals' volume."""
    given = keys.Presented(prefix, secret, wire, address(request), certificate(request))
    try:
        key = keys.check(given)
    except KeyRefused:
        # Past the limit it is no KeyRefused any more, so it doesn't fill the log either.
        volume.take(
            REFUSALS, "refused", _network(given.address), code="too_many_refusals", message=_too_often()
        )
        raise
    volume.take(PULLS, "pull", str(key.pk), code="too_many_pulls", message=_too_often())
    return Caller(key)


def address(request: HttpRequest) -> str:
    """The caller's network address: behind a proxy, the one that the proxy saw."""
    if settings.SECURE_PROXY_SSL_HEADER:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def certificate(request: HttpRequest) -> str:
    """The SHA-256 of the client certificate that a named proxy has checked; from anyone else, nothing."""
    if not keys.within(str(request.META.get("REMOTE_ADDR", "")), settings.CERTIFICATE_PROXIES):
        return ""
    return request.headers.get(settings.CERTIFICATE_HEADER, "").replace(":", "").strip().lower()


def _network(text: str) -> str:
    """What counts as one caller: an IPv4 address, an IPv6 /64."""
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    bits = _IPV4_BITS if parsed.version == 4 else _IPV6_BITS  # noqa: PLR2004 (the protocol's number)
    return str(ipaddress.ip_network((parsed, bits), strict=False))


def _too_often() -> str:
    return _("You call too often. Wait, then go on.")
