"""Sealing to a public key: HPKE (RFC 9180) base mode, X25519, HKDF-SHA256, AES-256-GCM.

Stored form: 1 byte version (1), 8 bytes key id (start of SHA-256 of the recipient's public key), then HPKE's
32-byte encapsulated key and ciphertext. Header and place are bound through HPKE's `info`: each message has
its own key schedule, so that authenticates them as the one-shot API's additional data would.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from portal.crypto.errors import Unsealable

VERSION = 1
KEY_ID_LENGTH = 8
_HEADER_LENGTH = 1 + KEY_ID_LENGTH
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_LABEL = b"portal sealed v1\x00"


@dataclass(frozen=True)
class KeyPair:
    """An X25519 key pair, 32 raw bytes each. The private half stays out of reprs, so out of logs."""

    public: bytes
    private: bytes

    @classmethod
    def generate(cls) -> KeyPair:
        private = X25519PrivateKey.generate()
        return cls(private.public_key().public_bytes_raw(), private.private_bytes_raw())

    def __repr__(self) -> str:
        return f"KeyPair({key_id(self.public).hex()})"


def public_of(private: bytes) -> bytes:
    """The public key that belongs to a private one."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def key_id(public: bytes) -> bytes:
    """8 bytes that name a public key."""
    return hashlib.sha256(public).digest()[:KEY_ID_LENGTH]


def id_of(sealed: bytes) -> bytes:
    """The id of the key pair that `sealed` is for. Raises Unsealable when it isn't in the stored form."""
    if len(sealed) < _HEADER_LENGTH or sealed[0] != VERSION:
        raise Unsealable("not in a stored form that this version knows")
    return sealed[1:_HEADER_LENGTH]


def seal(public: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """The stored form of `plaintext`, which only the private key of `public` opens, and only at `aad`."""
    header = bytes([VERSION]) + key_id(public)
    recipient = X25519PublicKey.from_public_bytes(public)
    return header + _SUITE.encrypt(plaintext, recipient, info=_LABEL + header + aad)


def open_sealed(private: bytes, sealed: bytes, aad: bytes) -> bytes:
    """The plaintext. Raises Unsealable for another key, another `aad`, or any altered byte."""
    if not hmac.compare_digest(id_of(sealed), key_id(public_of(private))):
        raise Unsealable("sealed to another key")
    header, rest = sealed[:_HEADER_LENGTH], sealed[_HEADER_LENGTH:]
    try:
        recipient = X25519PrivateKey.from_private_bytes(private)
        return _SUITE.decrypt(rest, recipient, info=_LABEL + header + aad)
    except (InvalidTag, ValueError) as error:
        raise Unsealable("altered, or bound to another place") from error
