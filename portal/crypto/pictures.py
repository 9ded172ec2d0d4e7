"""A picture's own key, wrapped twice: sealed to the process that may decode it, and under the day's key.

The day's (epoch) key is outside the database and its backups. Erasing it ends every copy of that day's
pictures, also for someone who later gets the recipient's private key and an old backup.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from portal.crypto import keyring, sealing, symmetric
from portal.crypto.aad import join
from portal.crypto.chunks import ChunkEncryptor, decrypt_chunks

__all__ = ["ChunkEncryptor", "decrypt_chunks", "new_picture_key", "open_picture_key"]


def new_picture_key(day: date, *, recipient: bytes | None = None, aad: bytes = b"") -> tuple[bytes, bytes]:
    """A fresh 32-byte key and its wrapped form, for the workers or another `recipient`'s public key.

    `aad` says where the wrapped form is kept (crypto.aad.bind). Raises KeyErased for an erased day.
    """
    ring = keyring.current()
    key = symmetric.new_key()
    inner = sealing.seal(recipient or ring.worker_public(), key, _place(day, aad))
    return key, symmetric.encrypt(ring.epoch_key(day), inner, _place(day, aad))


def open_picture_key(
    wrapped: bytes, day: date, private: bytes | Callable[[bytes], bytes], *, aad: bytes = b""
) -> bytes:
    """The picture's key.

    `private` is the recipient's key, or what finds it by the id that the wrapped key names: the keyring's
    `worker_private` or `desk_private`, so that pictures from before a rotation open too.
    Raises KeyErased once the day's key is gone, Unsealable for a wrong key or place, KeyNotHeld.
    """
    inner = symmetric.decrypt(keyring.current().epoch_key(day), wrapped, _place(day, aad))
    key = private if isinstance(private, bytes) else private(sealing.id_of(inner))
    return sealing.open_sealed(key, inner, _place(day, aad))


def _place(day: date, aad: bytes) -> bytes:
    return join(b"picture key", day.isoformat().encode(), aad)
