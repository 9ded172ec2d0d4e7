"""Where ciphertext lies: Django's default storage, under random names in a folder per day.

Only ciphertext ever comes here. On a file system files have mode 0600 and folders 0700, a finished file is
on the disk before anyone relies on it, and a destroyed one is overwritten first (which helps on plain disks;
on others it is the destroyed key that counts).
"""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, cast

from django.core.files.storage import default_storage

_ROOT = "pictures"


def new_name(day: date) -> str:
    return f"{_ROOT}/{day.isoformat()}/{uuid.uuid4().hex}"


def create(name: str) -> BinaryIO:
    """A new file to write ciphertext to; give it to `finish` or `destroy` afterwards."""
    path = _path(name)
    if path is None:
        return cast(BinaryIO, default_storage.open(name, "wb"))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def finish(name: str, file: BinaryIO) -> None:
    """Close a written file, on the disk: a row may now refer to it."""
    path = _path(name)
    if path is not None:
        file.flush()
        os.fsync(file.fileno())
    file.close()
    if path is not None:
        _sync_folder(path.parent)


def write(name: str, ciphertext: bytes) -> None:
    file = create(name)
    file.write(ciphertext)
    finish(name, file)


def read(name: str) -> BinaryIO:
    return cast(BinaryIO, default_storage.open(name, "rb"))


def destroy(name: str) -> None:
    """Overwrite and delete. Nothing happens if it is gone already."""
    path = _path(name)
    if path is not None:
        with contextlib.suppress(FileNotFoundError):
            _overwrite(path)
            path.unlink()
            _sync_folder(path.parent)
    else:
        default_storage.delete(name)


def names_before(day: date, before: datetime) -> Iterator[str]:
    """The names of a day's files that were last written before a moment."""
    folder = f"{_ROOT}/{day.isoformat()}"
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for file in files:
        name = f"{folder}/{file}"
        with contextlib.suppress(FileNotFoundError):
            if default_storage.get_modified_time(name) < before:
                yield name


def _path(name: str) -> Path | None:
    """The file's path, or None where the storage is no file system."""
    try:
        return Path(default_storage.path(name))
    except NotImplementedError:
        return None


def _overwrite(path: Path) -> None:
    with path.open("r+b", buffering=0) as file:
        left = path.stat().st_size
        while left > 0:
            left -= file.write(os.urandom(min(left, 64 * 1024)))
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
