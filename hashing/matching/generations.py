"""The folder that the index lies in: parts, and one small file that says which of them are the index now.

A new state becomes the index by one rename. A builder killed anywhere before has changed nothing; what
it left is taken away by the next. Readers go on with what they have mapped until they look again: the
files of parts that are no longer named are unlinked, and their memory is free when the last reader lets go.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

FORMAT = 2
_CURRENT = "current.json"
_LOCK = "builder.lock"
_PART = "part-"


@dataclass(frozen=True)
class Generation:
    """What the index is.

    parts: folders, the largest first. shelves: names; a shelf's number is its place, from 1 on. enrolled: how
    many regional fingerprints there are. database: which one it was read from; marker: up to which change.
    owed: ids of pictures still to be blanked in the parts `owed_in`.
    """

    number: int = 0
    parts: tuple[str, ...] = ()
    shelves: tuple[str, ...] = ()
    enrolled: int = 0
    database: str = ""
    marker: int = 0
    owed: tuple[str, ...] = ()
    owed_in: tuple[str, ...] = ()


class Folder:
    """Where the index lies. Only the user that the portal runs as may enter it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> Generation | None:
        """What the index is now; None if there is none that this version of the portal can read."""
        try:
            found = json.loads((self.path / _CURRENT).read_text())
        except (OSError, ValueError):
            return None
        if not isinstance(found, dict) or found.pop("format", None) != FORMAT:
            return None
        if set(found) != {each.name for each in fields(Generation)}:
            return None
        values: dict[str, Any] = {
            key: tuple(one) if isinstance(one, list) else one for key, one in found.items()
        }
        return Generation(**values)

    def stamp(self) -> tuple[int, int] | None:
        """Changes whenever the index does; None if there is none."""
        try:
            found = (self.path / _CURRENT).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def switch(self, generation: Generation) -> None:
        """Make this the index."""
        new = self.path / f"{_CURRENT}.new"
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"format": FORMAT, **asdict(generation)}, file)
        new.replace(self.path / _CURRENT)

    def part(self, name: str) -> Path:
        return self.path / name

    def new_part(self, generation: Generation) -> Path:
        """The folder for a part of the next generation; the builder makes it."""
        return self.path / f"{_PART}{generation.number + 1:08d}"

    def clear(self, generation: Generation | None) -> None:
        """Take away what is not part of the index: older parts, and what a killed builder left."""
        kept = generation.parts if generation else ()
        for folder in self.path.glob(f"{_PART}*"):
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def building(self) -> Iterator[bool]:
        """Be the one builder, or not (False) when somebody is. The system lets go when a process dies."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
        finally:
            os.close(handle)

    def beat(self) -> None:
        """Note that the index is up to date as of now."""
        os.utime(self.path / _LOCK)

    def age(self) -> float:
        """Seconds since it was last known to be up to date."""
        try:
            return time.time() - (self.path / _LOCK).stat().st_mtime
        except OSError:
            return float("inf")
