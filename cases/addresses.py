"""Web addresses that people paste, one per line: kept and shown, never fetched."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from cases import platforms
from portal.core.errors import Invalid
from portal.crypto import blind_index

MOST = 50
LONGEST = 2000
_PORTS = {"http": 80, "https": 443}
# What sites add to an address to see who shared it: without it, it is the same page.
_TRACKING = frozenset(
    {"fbclid", "gclid", "igsh", "igshid", "mc_cid", "mc_eid", "msclkid", "ref_src", "ref_url"}
)


def normalise(typed: str) -> list[str]:
    """The addresses, normalised, without repeats, in the order given.

    Raises Invalid (codes link_format, too_many_links) with the number of the line.
    """
    found: dict[str, None] = {}
    for number, line in enumerate(typed.splitlines(), start=1):
        if line.strip():
            found[_one(line.strip(), number)] = None
    if len(found) > MOST:
        message = _("Enter at most %(most)d links. You can send more later.") % {"most": MOST}
        raise Invalid(message, code="too_many_links")
    return list(found)


def _one(line: str, number: int) -> str:
    """Scheme and host in lower case, no default port, no fragment; the rest is the platform's business."""
    candidate = line if "://" in line else f"https://{line}"
    try:
        parts = urlsplit(candidate)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except (ValueError, UnicodeError) as error:
        raise _wrong(number) from error
    if not _is_usable(parts, host, candidate):
        raise _wrong(number)
    scheme = parts.scheme.lower()
    netloc = host if port in {None, _PORTS[scheme]} else f"{host}:{port}"
    return urlunsplit((scheme, netloc, parts.path, parts.query, ""))


def _is_usable(parts: SplitResult, host: str, candidate: str) -> bool:
    plain = not any(character.isspace() or ord(character) < ord(" ") for character in candidate)
    web = parts.scheme.lower() in _PORTS and "." in host
    return plain and web and len(candidate) <= LONGEST and parts.username is None


def _wrong(number: int) -> Invalid:
    message = _("Line %(number)d is not a web address, like https://example.com/page.") % {"number": number}
    return Invalid(message, code="link_format")


def index(address: str) -> str:
    """What the same page is found by, however it was shared: 10 hex digits, under a key apart."""
    return blind_index.index("cases.address", canonical(address))


def canonical(address: str) -> str:
    """A normalised address, for comparing only: without scheme, tracking, and the host's other names."""
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if _tells(name)]
    path = quote(unquote(parts.path, errors="surrogateescape"), errors="surrogateescape").rstrip("/")
    host = platforms.main_host(parts.hostname or "")
    port = f":{parts.port}" if parts.port else ""
    return f"{host}{port}{path}?{urlencode(sorted(kept))}"


def _tells(parameter: str) -> bool:
    return parameter not in _TRACKING and not parameter.startswith("utm_")
