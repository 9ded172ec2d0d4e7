"""A picture's key needs both: the recipient's private key, and the key of its day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from portal.core import clock
from portal.crypto import keyring, sealing
from portal.crypto.aad import bind
from portal.crypto.errors import KeyErased, KeyNotHeld, Unsealable
from portal.crypto.pictures import new_picture_key, open_picture_key

AAD = bind("vault_picture", "1", "wrapped_key")


@pytest.fixture
def ring(tmp_path: Path, settings: Settings) -> keyring.Keyring:
    settings.KEYRING_DIR = tmp_path / "keyring"
    return keyring.create(settings.KEYRING_DIR)


def test_the_workers_open_what_was_wrapped_for_them(ring: keyring.Keyring) -> None:
    day = clock.now().date()
    key, wrapped = new_picture_key(day, aad=AAD)
    assert len(key) == 32
    assert key not in wrapped
    assert open_picture_key(wrapped, day, ring.worker_private(), aad=AAD) == key


def test_another_recipient_can_be_named(ring: keyring.Keyring) -> None:
    day = clock.now().date()
    key, wrapped = new_picture_key(day, recipient=ring.desk_public())
    assert open_picture_key(wrapped, day, ring.desk_private()) == key
    with pytest.raises(Unsealable):
        open_picture_key(wrapped, day, ring.worker_private())


def test_pictures_from_before_a_rotation_open(ring: keyring.Keyring) -> None:
    day = clock.now().date()
    key, wrapped = new_picture_key(day, aad=AAD)
    ring.add_version("worker")
    assert open_picture_key(wrapped, day, ring.worker_private, aad=AAD) == key
    with pytest.raises(Unsealable):
        open_picture_key(wrapped, day, ring.worker_private(), aad=AAD)
    (ring.folder / "worker-1.private").unlink()
    with pytest.raises(KeyNotHeld):
        open_picture_key(wrapped, day, ring.worker_private, aad=AAD)


def test_another_private_key_day_or_place_is_refused(ring: keyring.Keyring) -> None:
    day = clock.now().date()
    _key, wrapped = new_picture_key(day, aad=AAD)
    with pytest.raises(Unsealable):
        open_picture_key(wrapped, day, sealing.KeyPair.generate().private, aad=AAD)
    with pytest.raises(Unsealable):
        open_picture_key(wrapped, day - timedelta(days=1), ring.worker_private(), aad=AAD)
    with pytest.raises(Unsealable):
        open_picture_key(wrapped, day, ring.worker_private(), aad=bind("vault_picture", "2", "wrapped_key"))
    with pytest.raises(Unsealable):
        open_picture_key(wrapped[:-1], day, ring.worker_private(), aad=AAD)


def test_erasing_the_day_ends_its_pictures_for_every_key_holder(ring: keyring.Keyring) -> None:
    day = clock.now().date()
    _key, wrapped = new_picture_key(day)
    ring.erase_epoch(day)
    with pytest.raises(KeyErased):
        open_picture_key(wrapped, day, ring.worker_private())
    with pytest.raises(KeyErased):
        new_picture_key(day)
    with pytest.raises(Unsealable):
        sealing.open_sealed(ring.worker_private(), wrapped, b"")
