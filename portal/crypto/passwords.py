"""From an access code to a key: Argon2id, with a salt per case and a pepper that no database backup holds."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw

from portal.core.references import normalise
from portal.crypto import configured, slots

SALT_LENGTH = 16


@dataclass(frozen=True)
class Parameters:
    """Argon2id's cost: passes, memory in KiB, lanes."""

    passes: int
    memory: int
    lanes: int


# RFC 9106's second choice (64 MiB, 3 passes) with one lane: a web worker has no cores to spare. A stored key
# names its version, so a costlier one can be added here while old codes still open.
PARAMETERS = {1: Parameters(passes=3, memory=64 * 1024, lanes=1)}
CURRENT = 1


def new_salt() -> bytes:
    return os.urandom(SALT_LENGTH)


def derive(code: str, salt: bytes, *, version: int = CURRENT) -> bytes:
    """32 bytes from a code as somebody typed it (spelling is normalised), about 0.1 s and 64 MiB of work.

    Raises KeyError for a version that this portal doesn't know, Unavailable (code busy) when too many run.
    """
    cost = PARAMETERS[version]
    peppered = hmac.digest(configured.key("CODE_PEPPER"), normalise(code).encode(), hashlib.sha256)
    with slots.one():
        return hash_secret_raw(peppered, salt, cost.passes, cost.memory, cost.lanes, 32, Type.ID)
