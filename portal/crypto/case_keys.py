"""A case's key pair. Its private half is kept twice: for the desk, and for whoever has the access code."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from portal.crypto import passwords, sealing, symmetric
from portal.crypto.aad import join
from portal.crypto.errors import Unsealable


@dataclass(frozen=True)
class CaseKeys:
    """What a case stores: none of it opens anything alone. `salt` is the access code's, 16 bytes."""

    public: bytes
    private_for_desk: bytes
    private_for_code: bytes
    salt: bytes


def new_case_keys(desk_public: bytes, access_code: str, salt: bytes) -> CaseKeys:
    """A fresh pair, its private half wrapped both ways and forgotten."""
    pair = sealing.KeyPair.generate()
    return CaseKeys(
        public=pair.public,
        private_for_desk=wrap_for_desk(pair, desk_public),
        private_for_code=wrap_for_code(pair, access_code, salt),
        salt=salt,
    )


def wrap_for_desk(pair: sealing.KeyPair, desk_public: bytes) -> bytes:
    return sealing.seal(desk_public, pair.private, _place("desk", pair.public))


def wrap_for_code(pair: sealing.KeyPair, access_code: str, salt: bytes) -> bytes:
    """Starts with the version of Argon2id's parameters, so these can rise without losing old codes."""
    return wrap_with_derived(pair, derive_for_code(access_code, salt))


def derive_for_code(access_code: str, salt: bytes) -> bytes:
    """What `wrap_with_derived` takes, for a pair that isn't at hand yet: version and key of a new code."""
    return bytes([passwords.CURRENT]) + passwords.derive(access_code, salt)


def wrap_with_derived(pair: sealing.KeyPair, derived: bytes) -> bytes:
    """The private half under a code's `derive_for_code`: as `wrap_for_code`, without the code itself."""
    return derived[:1] + symmetric.encrypt(derived[1:], pair.private, _place("code", pair.public))


def open_with_desk(keys: CaseKeys, desk_private: bytes) -> bytes:
    """The case's private key, for a process that holds the desk's. Raises Unsealable."""
    opened = sealing.open_sealed(desk_private, keys.private_for_desk, _place("desk", keys.public))
    return _checked(opened, keys.public)


def open_with_code(keys: CaseKeys, access_code: str) -> bytes:
    """The case's private key, for the person with the code: always one Argon2id run. Raises Unsealable."""
    version, wrapped = int.from_bytes(keys.private_for_code[:1], "big"), keys.private_for_code[1:]
    if version not in passwords.PARAMETERS:
        raise Unsealable("wrapped with parameters that this version doesn't know")
    key = passwords.derive(access_code, keys.salt, version=version)
    return _checked(symmetric.decrypt(key, wrapped, _place("code", keys.public)), keys.public)


def _place(holder: str, public: bytes) -> bytes:
    """Bound to the public key: a wrapped key moved to another case doesn't open there."""
    return join(b"case private key", holder.encode(), public)


def _checked(private: bytes, public: bytes) -> bytes:
    if not hmac.compare_digest(sealing.public_of(private), public):
        raise Unsealable("the private key belongs to another case")
    return private
