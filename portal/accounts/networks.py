"""From which network somebody tries to log in: a prefix, never an address, and never stored as it is."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

_IPV4_BITS, _IPV6_BITS = 24, 48


def network_of(request: HttpRequest) -> str:
    """The /24 or /48 that the request came from, as text; "unknown" on a socket without an address.

    Behind a proxy (BEHIND_PROXY) it is the last hop that the proxy itself noted: earlier ones can be made up.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER is not None:
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    bits = _IPV4_BITS if parsed.version == 4 else _IPV6_BITS  # noqa: PLR2004 (the version's own name)
    return str(ipaddress.ip_network((parsed, bits), strict=False))
