"""Keys that come from the settings rather than from the keyring."""

from __future__ import annotations

import base64
import binascii

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_SHORTEST = 32


def key(name: str) -> bytes:
    """The bytes of the setting NAME: base64 of 32 bytes or more. Raises ImproperlyConfigured otherwise."""
    try:
        value = base64.b64decode(getattr(settings, name), validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) < _SHORTEST:
        raise ImproperlyConfigured(f"{name} must be the base64 form of at least {_SHORTEST} random bytes.")
    return value
