"""Where people find a portal in production: behind TLS, under names that are said beforehand."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal.core import env


def base_url() -> str:
    """BASE_URL: `https://` and a host, without a path. Raises ImproperlyConfigured with a sentence."""
    address = env.require("BASE_URL").rstrip("/")
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.path or parts.query or "@" in parts.netloc:
        sentence = "Set BASE_URL to the portal's https:// address, without a path"
        raise ImproperlyConfigured(f"{sentence}: only the sample agency is served over http.")
    return address


def allowed_hosts(address: str) -> list[str]:
    """The host of BASE_URL, and what ALLOWED_HOSTS adds (names between commas, never a wildcard)."""
    host = urlsplit(address).hostname or ""
    added = [name.strip() for name in (env.read("ALLOWED_HOSTS") or "").split(",") if name.strip()]
    if any("*" in name or name.startswith(".") for name in added):
        raise ImproperlyConfigured("Name each host in ALLOWED_HOSTS: a wildcard would let a forged one in.")
    return sorted({host, *added})


def passkeys(address: str) -> tuple[str, list[str]]:
    """(name, origins) that passkeys are made for: BASE_URL's, and localhost where that is only a number."""
    name = (urlsplit(address).hostname or "").replace("127.0.0.1", "localhost")
    return name, [address.replace("127.0.0.1", "localhost")]
