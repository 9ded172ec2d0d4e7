"""One file on its way into the vault: looked at and encrypted piece by piece, never whole in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO
from uuid import UUID, uuid4

from portal.core import clock
from portal.crypto.pictures import ChunkEncryptor
from portal.vault import formats, keys, storage


@dataclass
class StagedPicture:
    """An upload's encrypted bytes in storage, not yet a picture.

    `refusal` is a code of portal.vault.refusals, or None; a refused file has left nothing in storage. Closing
    (Django does it when the request ends) discards the bytes unless they were accepted.
    """

    id: UUID
    size: int
    media_type: str
    refusal: str | None
    width: int | None = None
    height: int | None = None
    wrapped_key: bytes = field(default=b"", repr=False)
    epoch: date = date.min
    storage_name: str = ""
    accepted: bool = False
    name: str = "file"  # what the person called it is never kept

    def close(self) -> None:
        if self.storage_name and not self.accepted:
            storage.destroy(self.storage_name)
            self.storage_name = ""


class Stage:
    """Takes a file's pieces in order, then gives the staged picture. `abandon` may come at any time."""

    def __init__(self, *, refusal: str | None = None) -> None:
        self.id = uuid4()
        self.refusal = refusal
        self.size = 0
        self.day = clock.now().date()
        self._head = bytearray()
        self._tail = b""
        self._media_type = ""
        self._dimensions: tuple[int, int] | None = None
        self._encryptor: ChunkEncryptor | None = None
        self._wrapped = b""
        self._name = ""
        self._file: BinaryIO | None = None

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.refusal:
            return
        if self.size > formats.MAX_BYTES:
            self._refuse("too_big")
            return
        self._tail = (self._tail + piece)[-formats.TAIL :]
        if self._encryptor is None:
            self._head += piece
            if len(self._head) >= formats.HEAD:
                self._begin()
        else:
            self._write(self._encryptor.update(piece))

    def finish(self) -> StagedPicture:
        if not self.refusal and self._encryptor is None:
            self._begin()
        if not self.refusal and formats.hides_another(self._tail):
            self._refuse("polyglot")
        if self._encryptor is not None and self._file is not None:
            self._write(self._encryptor.finish())
            storage.finish(self._name, self._file)
            self._file = None
        width, height = self._dimensions or (None, None)
        return StagedPicture(
            id=self.id,
            size=self.size,
            media_type=self._media_type,
            refusal=self.refusal,
            width=width,
            height=height,
            wrapped_key=self._wrapped,
            epoch=self.day,
            storage_name=self._name,
        )

    def abandon(self) -> None:
        """Leave nothing behind."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._name:
            storage.destroy(self._name)
        self._name, self._wrapped, self._encryptor = "", b"", None

    def _begin(self) -> None:
        """The first bytes are here: refuse, or start to encrypt."""
        head = bytes(self._head)
        code = formats.refusal(head)
        if code is None:
            self._media_type = formats.media_type(head) or ""
            self._dimensions = formats.dimensions(self._media_type, head)
            code = "too_many_pixels" if formats.too_many_pixels(self._dimensions) else None
        if code:
            self._refuse(code)
            return
        self._encryptor, self._wrapped = keys.new_original_key(self.id, self.day)
        self._name = storage.new_name(self.day)
        self._file = storage.create(self._name)
        self._write(self._encryptor.update(head))
        self._head.clear()

    def _refuse(self, code: str) -> None:
        self.refusal = code
        self._head.clear()
        self.abandon()

    def _write(self, ciphertext: bytes) -> None:
        if self._file is not None and ciphertext:
            self._file.write(ciphertext)
