"""What goes wrong with keys and sealed bytes. Messages never quote key material or plaintext."""

from __future__ import annotations


class CryptoError(Exception):
    """Base of everything that this package raises on purpose."""


class Unsealable(CryptoError):
    """The bytes can't be opened: wrong key, wrong place (AAD), altered, cut short or not ours."""


class KeyNotHeld(CryptoError):
    """This process doesn't have that key: it may only seal, or the keyring was never made."""


class KeyErased(CryptoError):
    """The key was destroyed on purpose; what it protected is gone for good."""
