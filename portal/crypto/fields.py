"""Model fields that are ciphertext in the database, for secrets of the staff's side.

AES-256-GCM under the keyring's newest field key, bound to table, row and column. Decrypted when the attribute
is read, not when the row is loaded: a process without field keys can load the row, and plaintext lives short.
Rows need their primary key before the first save (UUID keys have one). Nothing can be searched by them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from portal.crypto import keyring, symmetric
from portal.crypto.aad import bind

if TYPE_CHECKING:
    AnyField = models.Field[Any, Any]
else:
    AnyField = models.Field  # generic in its type stubs only


class Ciphertext(bytes):
    """Bytes as the database holds them."""

    __slots__ = ()


class _Decrypting(DeferredAttribute):
    """Opens on reading. It has a setter so that the instance's stored ciphertext never answers by itself."""

    field: EncryptedField

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, Ciphertext):
            return value
        return self.field.decrypt(instance, value)

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedField(AnyField):
    """What text and binary fields share; use one of those."""

    descriptor_class = _Decrypting
    empty_strings_allowed = False

    def get_internal_type(self) -> str:
        return "BinaryField"

    def to_plaintext(self, value: Any) -> bytes:
        raise NotImplementedError

    def from_plaintext(self, plaintext: bytes) -> Any:
        raise NotImplementedError

    def decrypt(self, instance: models.Model, value: Ciphertext) -> Any:
        """Raises KeyNotHeld without the key, Unsealable if the value was altered or came from elsewhere."""
        key = keyring.current().field_key_named(symmetric.id_of(value))
        return self.from_plaintext(symmetric.decrypt(key, value, self._place(instance)))

    def encrypt(self, instance: models.Model, value: Any) -> Ciphertext:
        ring = keyring.current()
        key = ring.field_key(ring.field_version())
        return Ciphertext(symmetric.encrypt(key, self.to_plaintext(value), self._place(instance)))

    def pre_save(self, model_instance: models.Model, add: bool) -> Ciphertext | None:  # noqa: FBT001, ARG002 (Django's signature)
        """An unread value goes back as it is; a set one is encrypted for its row."""
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Ciphertext):
            return value
        return self.encrypt(model_instance, value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002 (Django's signature)
        """Only ciphertext reaches the database: `update()` and look-ups have no row to bind to."""
        if value is None:
            return None
        if not isinstance(value, Ciphertext):
            raise TypeError(f"{self.name} is encrypted: set it on an instance and save that")
        return connection.Database.Binary(bytes(value))

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Ciphertext | None:
        return None if value is None else Ciphertext(value)

    def _place(self, instance: models.Model) -> bytes:
        if instance.pk is None:
            raise ValueError("an encrypted field needs its row's primary key")
        meta = type(instance)._meta  # noqa: SLF001 (Django's public-by-documentation API)
        return bind(meta.db_table, str(instance.pk), str(self.column))


class EncryptedTextField(EncryptedField):
    """Text, any length."""

    _pyi_private_set_type: str
    _pyi_private_get_type: str

    def to_plaintext(self, value: str) -> bytes:
        return value.encode()

    def from_plaintext(self, plaintext: bytes) -> str:
        return plaintext.decode()


class EncryptedBinaryField(EncryptedField):
    """Bytes, any length."""

    _pyi_private_set_type: bytes
    _pyi_private_get_type: bytes

    def to_plaintext(self, value: bytes) -> bytes:
        return bytes(value)

    def from_plaintext(self, plaintext: bytes) -> bytes:
        return plaintext
