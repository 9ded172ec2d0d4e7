"""Encrypting a stream as it arrives, in chunks that can't be cut, moved, repeated or added to.

Stored form: 1 byte version (1), 16 bytes salt, then chunks of 64 KiB (the last one may be shorter), each
followed by its 16-byte tag. The stream's key is HKDF-SHA256 of the picture's key and the salt, so a key used
twice by mistake still never repeats a nonce. A nonce is the last flag and the chunk's index; the additional
data carries the caller's (the picture's id), the index and the flag again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.crypto.aad import join
from portal.crypto.errors import Unsealable

VERSION = 1
CHUNK = 64 * 1024
TAG = 16
_SALT = 16


class _Stream:
    """The key and the numbering that both directions share."""

    def __init__(self, key: bytes, salt: bytes, aad: bytes) -> None:
        self._cipher = AESGCM(HKDF(SHA256(), 32, salt, b"portal chunks v1").derive(key))
        self._aad = aad
        self._index = 0

    def _place(self, *, last: bool) -> tuple[bytes, bytes]:
        nonce = bytes([0, 0, 0, last]) + self._index.to_bytes(8, "big")
        self._index += 1
        return nonce, join(self._aad, nonce)

    def encrypt(self, chunk: bytes, *, last: bool) -> bytes:
        nonce, aad = self._place(last=last)
        return self._cipher.encrypt(nonce, chunk, aad)

    def decrypt(self, chunk: bytes, *, last: bool) -> bytes:
        nonce, aad = self._place(last=last)
        try:
            return self._cipher.decrypt(nonce, chunk, aad)
        except (InvalidTag, ValueError) as error:
            raise Unsealable("the stream is altered, cut short or out of order") from error


class ChunkEncryptor:
    """Feed plaintext in pieces of any size; write out whatever comes back. Holds at most one chunk."""

    def __init__(self, key: bytes, aad: bytes) -> None:
        salt = os.urandom(_SALT)
        self._stream = _Stream(key, salt, aad)
        self._header = bytes([VERSION]) + salt
        self._waiting = bytearray()
        self._finished = False

    def update(self, data: bytes) -> bytes:
        """Ciphertext of every chunk that is now known not to be the last; often empty."""
        if self._finished:
            raise ValueError("the stream is finished")
        self._waiting += data
        out = [self._take_header()]
        while len(self._waiting) > CHUNK:
            out.append(self._stream.encrypt(bytes(self._waiting[:CHUNK]), last=False))
            del self._waiting[:CHUNK]
        return b"".join(out)

    def finish(self) -> bytes:
        """The last chunk, marked as such. An empty stream has one empty chunk."""
        if self._finished:
            raise ValueError("the stream is finished")
        self._finished = True
        last = self._stream.encrypt(bytes(self._waiting), last=True)
        self._waiting.clear()
        return self._take_header() + last

    def _take_header(self) -> bytes:
        header, self._header = self._header, b""
        return header


def decrypt_chunks(key: bytes, aad: bytes, source: BinaryIO) -> Iterator[bytes]:
    """Plaintext chunks in order. Raises Unsealable at the first chunk that isn't as it was written.

    A cut shows only where it is, so nothing may be done for good before the iterator has ended.
    """
    header = _read(source, 1 + _SALT)
    if len(header) != 1 + _SALT or header[0] != VERSION:
        raise Unsealable("not in a stored form that this version knows")
    stream = _Stream(key, header[1:], aad)
    chunk = _read(source, CHUNK + TAG)
    while following := _read(source, CHUNK + TAG):
        yield stream.decrypt(chunk, last=False)
        chunk = following
    yield stream.decrypt(chunk, last=True)


def _read(source: BinaryIO, length: int) -> bytes:
    """Exactly `length` bytes unless the source ends: a pipe or an object store may give fewer at a time."""
    parts = bytearray()
    while len(parts) < length and (part := source.read(length - len(parts))):
        parts += part
    return bytes(parts)
