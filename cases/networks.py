"""Where a request comes from, as far as limits need it: a network, as a keyed hash, never an address."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from portal.crypto import blind_index

LOOPBACK = "loopback"


def network_of(request: HttpRequest) -> str:
    """64 hex digits for the visitor's /24 (IPv4) or /48 (IPv6), "loopback" for this very machine."""
    try:
        address = ip_address(_address(request))
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback:
        return LOOPBACK
    prefix = ip_network(f"{address}/{48 if address.version == 6 else 24}", strict=False)  # noqa: PLR2004 (IPv6)
    return blind_index.keyed("limits.network", str(prefix)).hex()


def _address(request: HttpRequest) -> str:
    """Behind a proxy, what the proxy itself appended: the last one. Earlier ones are the sender's claims."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return str(forwarded.rpartition(",")[2].strip())
    return str(request.META.get("REMOTE_ADDR", ""))
