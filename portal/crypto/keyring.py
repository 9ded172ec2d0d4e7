"""The keyring: a folder of key files, apart from the database and its backups.

    desk-1.public  desk-1.private  worker-1.public  worker-1.private  field-1.key  epochs/2030-01-31.key

The highest number is the one in use; older ones only open. A process gets the files that its work needs:
one that serves the public has no `.private` and no `field` file, and can only seal.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from portal.core import clock
from portal.crypto import key_files, sealing, symmetric
from portal.crypto.errors import KeyErased, KeyNotHeld

EPOCHS = "epochs"


class Keyring:
    """Reads keys when they are asked for, so a key erased by one process is gone for all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def desk_public(self) -> bytes:
        return self._public("desk")

    def desk_private(self, key_id: bytes | None = None) -> bytes:
        """The newest private key of the desk, or the one that a sealed value names (sealing.id_of)."""
        return self._private("desk", key_id)

    def worker_public(self) -> bytes:
        return self._public("worker")

    def worker_private(self, key_id: bytes | None = None) -> bytes:
        """The newest private key of the workers, or the one that a sealed value names."""
        return self._private("worker", key_id)

    def field_version(self) -> int:
        """The version that new values of encrypted fields use."""
        return self._versions("field", "key")[0]

    def field_key(self, version: int) -> bytes:
        return key_files.read(self.folder / f"field-{version}.key")

    def field_key_named(self, key_id: bytes) -> bytes:
        """The field key that a stored value names (symmetric.id_of). Raises KeyNotHeld."""
        for version in self._versions("field", "key"):
            key = self.field_key(version)
            if symmetric.key_id(key) == key_id:
                return key
        raise KeyNotHeld("no field key of this keyring has the id that the value names")

    def epoch_key(self, day: date) -> bytes:
        """The key of one UTC day, made on first use that day; every process gets the same.

        Raises KeyErased once erased, KeyNotHeld for another day that never had one.
        """
        path = self._epoch(day)
        self._refuse_erased(day)
        try:
            return key_files.read(path)
        except KeyNotHeld:
            # An upload that began before midnight may still ask for the day that has just ended.
            if abs(clock.now().date() - day) > timedelta(days=1):
                raise
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            key_files.create(path, symmetric.new_key())
        except FileExistsError:
            return key_files.read(path)
        if self._erased(day).exists():  # erased between our look and our write
            key_files.destroy(path)
        self._refuse_erased(day)
        return key_files.read(path)

    def erase_epoch(self, day: date) -> None:
        """Destroy a day's key for good. Safe to repeat; the marker comes first, so nobody makes it anew."""
        self._epoch(day).parent.mkdir(mode=0o700, exist_ok=True)
        self._erased(day).touch(mode=0o600)
        key_files.sync_folder(self._erased(day).parent)
        key_files.destroy(self._epoch(day))

    def add_version(self, name: str) -> int:
        """A new `desk`, `worker` or `field` key beside the old ones; from now on the one in use."""
        version = self._versions(name, "key" if name == "field" else "public")[0] + 1
        _add(self.folder, name, version)
        return version

    def _public(self, name: str) -> bytes:
        return key_files.read(self.folder / f"{name}-{self._versions(name, 'public')[0]}.public")

    def _private(self, name: str, key_id: bytes | None) -> bytes:
        for version in self._versions(name, "public"):
            private = self.folder / f"{name}-{version}.private"
            if key_id is None or sealing.key_id(key_files.read(private.with_suffix(".public"))) == key_id:
                return key_files.read(private)
        raise KeyNotHeld(f"no {name} key of this keyring has the id that the value names")

    def _versions(self, name: str, suffix: str) -> list[int]:
        """The versions of a key, newest first."""
        pattern = re.compile(rf"{name}-(\d+)\.{suffix}")
        found = [pattern.fullmatch(path.name) for path in self.folder.glob(f"{name}-*.{suffix}")]
        versions = sorted((int(match[1]) for match in found if match), reverse=True)
        if not versions:
            raise KeyNotHeld(f"this process's keyring has no {name} key")
        return versions

    def _epoch(self, day: date) -> Path:
        return self.folder / EPOCHS / f"{day.isoformat()}.key"

    def _erased(self, day: date) -> Path:
        return self._epoch(day).with_suffix(".erased")

    def _refuse_erased(self, day: date) -> None:
        if self._erased(day).exists():
            raise KeyErased(f"the key of {day.isoformat()} was erased")


def create(folder: Path) -> Keyring:
    """A fresh keyring. Raises FileExistsError when there is one: it must never be overwritten."""
    if any(folder.glob("*.key")) or any(folder.glob("*.public")):
        raise FileExistsError(f"{folder} already holds a keyring")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / EPOCHS).mkdir(mode=0o700, exist_ok=True)
    for name in ("desk", "worker", "field"):
        _add(folder, name, 1)
    return Keyring(folder)


def current() -> Keyring:
    """This process's keyring (settings.KEYRING_DIR)."""
    return _at(Path(settings.KEYRING_DIR))


@lru_cache(maxsize=8)
def _at(folder: Path) -> Keyring:
    return Keyring(folder)


def _add(folder: Path, name: str, version: int) -> None:
    """The private half first: a public key that nobody can open must never be in use."""
    if name == "field":
        key_files.create(folder / f"field-{version}.key", symmetric.new_key())
        return
    pair = sealing.KeyPair.generate()
    key_files.create(folder / f"{name}-{version}.private", pair.private)
    key_files.create(folder / f"{name}-{version}.public", pair.public)
