"""The keys of pictures and renditions: whom they are sealed to, and where their wrapped form belongs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from portal.audit import unrecorded
from portal.crypto import keyring
from portal.crypto.aad import bind
from portal.crypto.errors import KeyErased
from portal.crypto.pictures import ChunkEncryptor, decrypt_chunks, new_picture_key, open_picture_key
from portal.vault import storage
from portal.vault.models import Picture, Rendition

_PICTURES = Picture._meta.db_table  # noqa: SLF001 (Django's documented API)
_RENDITIONS = Rendition._meta.db_table  # noqa: SLF001 (the same)


def new_original_key(picture_id: UUID, day: date) -> tuple[ChunkEncryptor, bytes]:
    """An encryptor for a picture's bytes, and its key sealed to the workers."""
    key, wrapped = new_picture_key(day, aad=bind(_PICTURES, picture_id, "wrapped_key"))
    return ChunkEncryptor(key, bind(_PICTURES, picture_id, "bytes")), wrapped


@unrecorded(
    "only workers hold the key, to check and to render; picture.checked and picture.revealed tell of it"
)
def original(picture: Picture) -> Iterator[bytes]:
    """The picture's bytes, in pieces; workers only. Raises KeyErased once shredded, Unsealable if altered."""
    if picture.wrapped_key is None:
        raise KeyErased("the picture was shredded")
    key = open_picture_key(
        bytes(picture.wrapped_key),
        picture.epoch,
        keyring.current().worker_private,
        aad=bind(_PICTURES, picture.id, "wrapped_key"),
    )
    with storage.read(picture.storage_name) as file:
        yield from decrypt_chunks(key, bind(_PICTURES, picture.id, "bytes"), file)


def encrypt_rendition(rendition_id: UUID, day: date, plaintext: bytes) -> tuple[bytes, bytes]:
    """(ciphertext, key sealed to the desk)."""
    aad = bind(_RENDITIONS, rendition_id, "wrapped_key")
    key, wrapped = new_picture_key(day, recipient=keyring.current().desk_public(), aad=aad)
    encryptor = ChunkEncryptor(key, bind(_RENDITIONS, rendition_id, "bytes"))
    return encryptor.update(plaintext) + encryptor.finish(), wrapped


def open_rendition(rendition: Rendition) -> bytes:
    """The rendition's bytes; desk only. Raises KeyErased once shredded, Unsealable if altered."""
    if rendition.wrapped_key is None:
        raise KeyErased("the rendition was shredded")
    key = open_picture_key(
        bytes(rendition.wrapped_key),
        rendition.epoch,
        keyring.current().desk_private,
        aad=bind(_RENDITIONS, rendition.id, "wrapped_key"),
    )
    with storage.read(rendition.storage_name) as file:
        return b"".join(decrypt_chunks(key, bind(_RENDITIONS, rendition.id, "bytes"), file))
