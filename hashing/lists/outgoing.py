"""Posting to an address that a partner chose, without being led anywhere else.

https only, and no redirect is followed. The name is resolved here, every address that it has must be public,
and the connection goes to the very address that was checked: a name that changes its mind leads nowhere.
Of the answer only the status is read, and all of it takes seconds at most.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import time
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from hashing.lists import keys
from portal.core.errors import Invalid

CONNECT, WHOLE = 5.0, 10.0
_PLAIN = re.compile(r"https://[!-~]{1,480}")
_HTTPS, _UNPRIVILEGED, _LAST = 443, 1024, 65535
_TRANSLATED = ip_network("64:ff9b::/96")
_LABEL = 63  # the longest part of a name
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)\b")
_MOST = 200


class NotSent(Exception):
    """`code` says what went wrong: address, connect, tls, timeout, answer."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def checked(url: str) -> str:
    """The address, if it has the form of one that can be posted to. Raises Invalid."""
    try:
        parts = urlsplit(url)
        port = parts.port or _HTTPS
    except ValueError as error:
        raise _unusable() from error
    named = parts.hostname and not parts.username and not parts.password and not parts.fragment
    if not (_PLAIN.fullmatch(url) and named and (port == _HTTPS or _UNPRIVILEGED <= port <= _LAST)):
        raise _unusable()
    if not all(0 < len(label) <= _LABEL for label in (parts.hostname or "").removesuffix(".").split(".")):
        raise _unusable()
    return url


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer. Raises NotSent."""
    parts = urlsplit(url)
    end = time.monotonic() + WHOLE
    try:
        with _connected(parts) as plain, _tls().wrap_socket(plain, server_hostname=parts.hostname) as secure:
            connection = http.client.HTTPConnection(parts.netloc)
            connection.sock = secure
            path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            connection.request("POST", path, body, {**headers, "Connection": "close"})
            return _status(secure, end)
    except TimeoutError as error:
        raise NotSent("timeout") from error
    except ssl.SSLError as error:
        raise NotSent("tls") from error
    except OSError as error:
        raise NotSent("connect") from error
    except (ValueError, http.client.HTTPException) as error:
        # What can be no name, for the resolver or for TLS: attempts must come to an end all the same.
        raise NotSent("address") from error


def allowed(address: str) -> bool:
    """Whether it is a public address, or in a network that the settings name."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found.sixtofour or found.teredo or found in _TRANSLATED:
            return False  # each holds another address, which may be anybody's
    return _public(found) or keys.within(str(found), settings.WEBHOOK_NETWORKS)


def _public(found: IPv4Address | IPv6Address) -> bool:
    inside = isinstance(found, IPv6Address) and found.is_site_local
    return found.is_global and not (inside or found.is_multicast or found.is_reserved or found.is_unspecified)


def _connected(parts: SplitResult) -> socket.socket:
    port = parts.port or _HTTPS
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotSent("name") from error
    addresses = list(dict.fromkeys(str(place[0]) for *_, place in found))
    if not all(allowed(address.partition("%")[0]) for address in addresses):
        raise NotSent("address")
    return socket.create_connection((addresses[0], port), timeout=CONNECT)


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.WEBHOOK_CA_FILE:
        context.load_verify_locations(settings.WEBHOOK_CA_FILE)
    return context


def _status(secure: ssl.SSLSocket, end: float) -> int:
    """Of the first line; however slowly it drips in, not longer than until `end`."""
    line = b""
    while b"\n" not in line and len(line) < _MOST:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        secure.settimeout(left)
        more = secure.recv(_MOST)
        if not more:
            break
        line += more
    found = _STATUS.match(line)
    if found is None:
        raise NotSent("answer")
    return int(found[1])


def _unusable() -> Invalid:
    message = "Give an address as in https://hooks.example/lists, without a user name or a fragment."
    return Invalid(message, code="bad_address")
