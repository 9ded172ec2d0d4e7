"""Encrypted fields: ciphertext in the table, plaintext on reading, one row's value useless in another."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, models, transaction
from pytest_django import Settings

from portal.accounts.models import TotpDevice
from portal.audit import Verb, rotation
from portal.audit.models import Entry
from portal.core.context import Context
from portal.crypto import keyring, symmetric
from portal.crypto.errors import KeyNotHeld, Unsealable
from portal.crypto.fields import Ciphertext, EncryptedBinaryField, EncryptedTextField
from tests.factories import make_staff

SECRET = "a secret worth keeping"


@pytest.fixture
def ring(tmp_path: Path, settings: Settings) -> keyring.Keyring:
    settings.KEYRING_DIR = tmp_path / "keyring"
    return keyring.create(settings.KEYRING_DIR)


@pytest.fixture
def device(db: None, ring: keyring.Keyring) -> TotpDevice:
    device = make_staff().totp
    device.secret = SECRET
    device.save()
    fresh: TotpDevice = TotpDevice.objects.get(pk=device.pk)
    return fresh


def stored(device: TotpDevice) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_totpdevice WHERE id = %s", [device.pk])
        return bytes(cursor.fetchone()[0])


def test_the_table_holds_ciphertext_and_the_attribute_plaintext(device: TotpDevice) -> None:
    assert device.secret == SECRET
    assert SECRET.encode() not in stored(device)
    assert isinstance(device.__dict__["secret"], Ciphertext)


def test_an_unread_value_is_saved_as_it_was(device: TotpDevice) -> None:
    before = stored(device)
    device.save()
    assert stored(device) == before
    device.secret = SECRET
    device.save(update_fields=["secret"])
    assert stored(device) != before
    assert TotpDevice.objects.get(pk=device.pk).secret == SECRET


def test_a_value_moved_to_another_row_does_not_open(device: TotpDevice) -> None:
    other = make_staff().totp
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_totpdevice SET secret = %s WHERE id = %s", [stored(device), other.pk])
    with pytest.raises(Unsealable):
        _ = TotpDevice.objects.get(pk=other.pk).secret


def test_rows_load_without_the_key_but_do_not_open(device: TotpDevice, ring: keyring.Keyring) -> None:
    (ring.folder / "field-1.key").unlink()
    row = TotpDevice.objects.get(pk=device.pk)
    row.last_step = 5
    row.save()
    with pytest.raises(KeyNotHeld):
        _ = row.secret


def test_deferred_values_are_fetched_and_opened(device: TotpDevice) -> None:
    assert TotpDevice.objects.defer("secret").get(pk=device.pk).secret == SECRET


def test_what_has_no_row_to_bind_to_is_refused(device: TotpDevice) -> None:
    with pytest.raises(TypeError, match="set it on an instance"), transaction.atomic():
        TotpDevice.objects.update(secret="plain")
    with pytest.raises(TypeError, match="set it on an instance"):
        TotpDevice.objects.filter(secret=SECRET).exists()
    assert TotpDevice.objects.get(pk=device.pk).secret == SECRET


def test_values_come_as_ciphertext(device: TotpDevice) -> None:
    value = TotpDevice.objects.filter(pk=device.pk).values_list("secret", flat=True).get()
    assert value == stored(device)


def test_reencryption_moves_old_values_to_the_newest_key(device: TotpDevice, ring: keyring.Keyring) -> None:
    ring.add_version("field")
    other = make_staff().totp
    untouched = stored(other)
    assert rotation.reencrypt_all(Context.system("test"))["accounts_totpdevice"] == 1
    assert symmetric.id_of(stored(device)) == symmetric.key_id(ring.field_key(2))
    assert stored(other) == untouched
    (ring.folder / "field-1.key").unlink()
    assert TotpDevice.objects.get(pk=device.pk).secret == SECRET
    assert rotation.reencrypt_all(Context.system("test"))["accounts_totpdevice"] == 0
    entry = Entry.objects.get(verb=Verb.KEY_REENCRYPTED)
    assert (entry.subject_id, entry.payload) == ("accounts_totpdevice", {"rows": 1})


def test_the_command_says_what_it_rewrote(
    device: TotpDevice, ring: keyring.Keyring, capsys: pytest.CaptureFixture[str]
) -> None:
    ring.add_version("field")
    call_command("keyring", "reencrypt")
    assert "accounts_totpdevice: 1 rows rewritten" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("field", "value"),
    [(EncryptedTextField(), "żółw 🐢\n"), (EncryptedTextField(), ""), (EncryptedBinaryField(), b"\x00")],
)
def test_text_and_bytes_survive(ring: keyring.Keyring, field: EncryptedTextField, value: str | bytes) -> None:
    row = TotpDevice()
    field.set_attributes_from_name("secret")
    sealed = field.encrypt(row, value)
    assert field.decrypt(row, sealed) == value
    field.column = "other"
    with pytest.raises(Unsealable):
        field.decrypt(row, sealed)


def test_a_row_without_a_key_is_refused(ring: keyring.Keyring) -> None:
    field: EncryptedTextField = EncryptedTextField()
    field.set_attributes_from_name("secret")
    with pytest.raises(ValueError, match="primary key"):
        field.encrypt(TotpDevice(id=None), SECRET)
    assert isinstance(field, models.Field)
