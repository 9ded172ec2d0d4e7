"""A keyed mark on each leaf, so that a break is named at the entry even by somebody who redid every hash.

The tree and its signature say *that* something was changed since a checkpoint; where the changed hashes were
computed anew, all the way up, only the batch would be known. The mark ties a leaf's hash to its place
under a key that comes from CHECKPOINT_KEY: it proves nothing to others, and the verification doesn't rest
on it.
"""

from __future__ import annotations

import hashlib
import hmac

LENGTH = 16


def key(seed: bytes) -> bytes:
    """The marks' key from the signing key's seed."""
    return hashlib.blake2b(b"leaf marks", key=seed, digest_size=32, person=b"portal audit").digest()


def make(mark_key: bytes, index: int, digest: bytes) -> bytes:
    """The mark of the leaf at `index` whose hash is `digest`."""
    return hashlib.blake2b(index.to_bytes(8, "big") + digest, key=mark_key, digest_size=LENGTH).digest()


def fits(mark_keys: list[bytes], index: int, digest: bytes, mark: bytes) -> bool:
    return any(hmac.compare_digest(make(one, index, digest), mark) for one in mark_keys)
