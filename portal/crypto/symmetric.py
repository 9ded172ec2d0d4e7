"""AES-256-GCM with a version, the key's id and additional data.

Stored form: 1 byte version (1), 8 bytes key id, 12 bytes random nonce, ciphertext with its 16-byte tag.
Version and key id are authenticated too.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.crypto.errors import Unsealable

VERSION = 1
KEY_LENGTH = 32
KEY_ID_LENGTH = 8
_NONCE_LENGTH = 12
_HEADER_LENGTH = 1 + KEY_ID_LENGTH


def new_key() -> bytes:
    return os.urandom(KEY_LENGTH)


def key_id(key: bytes) -> bytes:
    """8 bytes that name a secret key and tell nothing about it."""
    return hmac.digest(key, b"portal key id", hashlib.sha256)[:KEY_ID_LENGTH]


def id_of(sealed: bytes) -> bytes:
    """The id of the key that `sealed` needs. Raises Unsealable when it isn't in the stored form."""
    if len(sealed) < _HEADER_LENGTH or sealed[0] != VERSION:
        raise Unsealable("not in a stored form that this version knows")
    return sealed[1:_HEADER_LENGTH]


def encrypt(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """The stored form of `plaintext` under a 32-byte key, bound to `aad`."""
    header = bytes([VERSION]) + key_id(key)
    nonce = os.urandom(_NONCE_LENGTH)
    return header + nonce + AESGCM(key).encrypt(nonce, plaintext, header + aad)


def decrypt(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """The plaintext. Raises Unsealable for another key, another `aad`, or any altered byte."""
    if not hmac.compare_digest(id_of(sealed), key_id(key)):
        raise Unsealable("sealed under another key")
    header, rest = sealed[:_HEADER_LENGTH], sealed[_HEADER_LENGTH:]
    try:
        return AESGCM(key).decrypt(rest[:_NONCE_LENGTH], rest[_NONCE_LENGTH:], header + aad)
    except (InvalidTag, ValueError) as error:
        raise Unsealable("altered, or bound to another place") from error
