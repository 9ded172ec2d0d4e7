"""The keyring's files: made once, private, versioned, and days erased for good."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pytest_django import Settings

from portal.audit import Verb
from portal.audit.models import Entry
from portal.core import clock
from portal.crypto import key_files, keyring, sealing, symmetric
from portal.crypto.errors import KeyErased, KeyNotHeld

TODAY = datetime(2030, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def ring(tmp_path: Path) -> keyring.Keyring:
    return keyring.create(tmp_path / "keyring")


def test_a_fresh_keyring_holds_pairs_that_fit(ring: keyring.Keyring) -> None:
    assert sealing.public_of(ring.desk_private()) == ring.desk_public()
    assert sealing.public_of(ring.worker_private()) == ring.worker_public()
    assert ring.desk_public() != ring.worker_public()
    assert len(ring.field_key(ring.field_version())) == 32


def test_every_file_is_for_its_owner_only(ring: keyring.Keyring) -> None:
    ring.epoch_key(clock.now().date())
    files = [path for path in ring.folder.rglob("*") if path.is_file()]
    assert len(files) == 6
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (ring.folder, ring.folder / "epochs")} == {0o700}


def test_a_keyring_is_never_overwritten(ring: keyring.Keyring) -> None:
    before = {path: path.read_bytes() for path in ring.folder.iterdir() if path.is_file()}
    with pytest.raises(FileExistsError):
        keyring.create(ring.folder)
    assert {path: path.read_bytes() for path in ring.folder.iterdir() if path.is_file()} == before


def test_the_command_makes_a_keyring_and_refuses_the_second_time(
    db: None, tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.KEYRING_DIR = tmp_path / "new"
    call_command("keyring", "init")
    public = keyring.current().desk_public()
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("keyring", "init")
    assert keyring.current().desk_public() == public
    call_command("keyring", "add", "field")
    assert keyring.current().field_version() == 2
    entry = Entry.objects.get(verb=Verb.KEY_ADDED)
    assert (entry.subject_id, entry.payload, entry.actor_id) == ("field", {"version": 2}, "keyring")
    assert public.hex() not in capsys.readouterr().out


def test_a_process_without_private_keys_can_seal_but_not_open(ring: keyring.Keyring) -> None:
    for path in ring.folder.glob("*.private"):
        path.unlink()
    assert sealing.seal(ring.desk_public(), b"story", b"")
    for ask in (ring.desk_private, ring.worker_private):
        with pytest.raises(KeyNotHeld):
            ask()


def test_no_keyring_and_no_key_say_so(tmp_path: Path) -> None:
    ring = keyring.Keyring(tmp_path / "none")
    for ask in (ring.desk_public, ring.worker_private, ring.field_version):
        with pytest.raises(KeyNotHeld):
            ask()
    for text in ("", "not base64!", "AAAA", "é"):
        (tmp_path / "bad").write_text(text)
        with pytest.raises(KeyNotHeld, match="not a key file"):
            key_files.read(tmp_path / "bad")


def test_a_new_version_is_used_and_the_old_one_still_opens(ring: keyring.Keyring) -> None:
    old = ring.desk_public()
    sealed = sealing.seal(old, b"story", b"")
    assert ring.add_version("desk") == 2
    assert ring.desk_public() != old
    private = ring.desk_private(sealing.id_of(sealed))
    assert sealing.open_sealed(private, sealed, b"") == b"story"
    with pytest.raises(KeyNotHeld):
        ring.desk_private(bytes(8))


def test_a_field_key_is_found_by_its_id(ring: keyring.Keyring) -> None:
    old = ring.field_key(1)
    ring.add_version("field")
    assert ring.field_version() == 2
    assert ring.field_key_named(symmetric.key_id(old)) == old
    with pytest.raises(KeyNotHeld):
        ring.field_key_named(bytes(8))


def test_a_days_key_is_made_once_for_everyone(ring: keyring.Keyring) -> None:
    day = clock.now().date()
    keys: list[bytes] = []
    barrier = threading.Barrier(8)

    def ask() -> None:
        barrier.wait()
        keys.append(keyring.Keyring(ring.folder).epoch_key(day))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert [path.name for path in (ring.folder / "epochs").iterdir()] == [f"{day.isoformat()}.key"]


def test_days_have_different_keys_and_only_near_ones_are_made(ring: keyring.Keyring) -> None:
    with time_machine.travel(TODAY, tick=False):
        today = TODAY.date()
        yesterday = today - timedelta(days=1)
        assert ring.epoch_key(today) != ring.epoch_key(yesterday)
        with pytest.raises(KeyNotHeld):
            ring.epoch_key(today - timedelta(days=2))
    with time_machine.travel(TODAY + timedelta(days=30), tick=False):
        assert len(ring.epoch_key(today)) == 32


def test_an_erased_day_is_gone_for_good(ring: keyring.Keyring) -> None:
    day = clock.now().date()
    ring.epoch_key(day)
    for _ in range(2):
        ring.erase_epoch(day)
        assert [path.name for path in (ring.folder / "epochs").iterdir()] == [f"{day.isoformat()}.erased"]
        with pytest.raises(KeyErased):
            ring.epoch_key(day)


def test_a_day_erased_before_its_first_use_gets_no_key(ring: keyring.Keyring) -> None:
    day = clock.now().date()
    ring.erase_epoch(day)
    with pytest.raises(KeyErased):
        ring.epoch_key(day)


def test_erasing_overwrites_before_it_unlinks(ring: keyring.Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash between the two leaves noise, and no process takes that for the day's key."""
    day = clock.now().date()
    key = ring.epoch_key(day)

    def crash(_path: Path, **_options: bool) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", crash)
        with pytest.raises(KeyboardInterrupt):
            ring.erase_epoch(day)
    with pytest.raises(KeyNotHeld):
        key_files.read(ring.folder / "epochs" / f"{day.isoformat()}.key")
    assert key not in (ring.folder / "epochs" / f"{day.isoformat()}.key").read_bytes()
    with pytest.raises(KeyErased):
        ring.epoch_key(day)
    ring.erase_epoch(day)
    assert not (ring.folder / "epochs" / f"{day.isoformat()}.key").exists()


def test_a_key_file_is_never_seen_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.key"

    def crash(*_arguments: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", crash)
        with pytest.raises(OSError, match="disk full"):
            key_files.create(path, bytes(32))
    assert list(tmp_path.iterdir()) == []
    key_files.create(path, bytes(32))
    with pytest.raises(FileExistsError):
        key_files.create(path, bytes([1]) * 32)
    assert key_files.read(path) == bytes(32)
    assert [found.name for found in tmp_path.iterdir()] == ["a.key"]
