"""Key files: made whole or not at all, readable by their owner only, and destroyed as far as possible."""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
from pathlib import Path
from uuid import uuid4

from portal.crypto.errors import KeyNotHeld

_LENGTH = 32


def read(path: Path) -> bytes:
    """The 32 bytes of a key file. Raises KeyNotHeld when it isn't there or isn't a key."""
    try:
        key = base64.b64decode(path.read_text(encoding="ascii").strip(), validate=True)
    except FileNotFoundError as error:
        raise KeyNotHeld(f"{path.name} is not in this process's keyring") from error
    except (binascii.Error, UnicodeDecodeError) as error:
        raise KeyNotHeld(f"{path.name} is not a key file") from error
    if len(key) != _LENGTH:
        raise KeyNotHeld(f"{path.name} is not a key file")
    return key


def create(path: Path, key: bytes) -> None:
    """Write a new file, mode 0600. Raises FileExistsError when somebody was first, and then changes nothing.

    The file appears under its name only when it is whole and on disk: no reader ever sees half a key.
    """
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(key) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        draft.unlink()
    sync_folder(path.parent)


def destroy(path: Path) -> None:
    """Overwrite in place, then remove. What isn't there is fine: a repeat ends what a crash began."""
    with contextlib.suppress(FileNotFoundError):
        with path.open("r+b", buffering=0) as file:
            file.write(os.urandom(path.stat().st_size))
            os.fsync(file.fileno())
        path.unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a folder's own changes (a new name, a removed one) survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
