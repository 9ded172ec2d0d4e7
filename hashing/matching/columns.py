"""Arrays that are written to files of their own, in a folder, and mapped by any number of processes.

A file is the array's bytes and nothing else; `columns.json` says what each is. Files are for the process's
own user alone, and space is reserved before it is mapped: on a full memory-backed file system a write to an
unreserved page would kill the process instead of raising.
"""

from __future__ import annotations

import json
import math
import mmap
import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

FORMAT = 1
ABOUT = "columns.json"
_CHUNK = 1 << 16

Array = NDArray[Any]


class Columns:
    """A folder being written: rows are appended, or an array of known shape is reserved."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        self.folder = folder
        self._files: dict[str, BinaryIO] = {}
        self._shapes: dict[str, tuple[np.dtype[Any], tuple[int, ...]]] = {}

    def append(self, name: str, rows: Array) -> None:
        """Add rows to a column; all of a column have one type and width."""
        if name not in self._files:
            self._files[name] = _create(self.folder / name)
            self._shapes[name] = (rows.dtype, (0, *rows.shape[1:]))
        kind, (count, *width) = self._shapes[name]
        if rows.dtype != kind or rows.shape[1:] != tuple(width):
            raise ValueError(f"{name} holds {kind} {width}, not {rows.dtype} {rows.shape[1:]}")
        for at in range(0, len(rows), _CHUNK):
            self._files[name].write(np.ascontiguousarray(rows[at : at + _CHUNK]).data)
        self._shapes[name] = (kind, (count + len(rows), *width))

    def rows(self, name: str) -> int:
        return self._shapes[name][1][0] if name in self._shapes else 0

    def names(self) -> list[str]:
        return list(self._shapes)

    def drop(self, name: str) -> None:
        """A column that was only needed on the way."""
        self._files.pop(name).close()
        del self._shapes[name]
        (self.folder / name).unlink()

    def written(self, name: str) -> Array:
        """An appended column, mapped for reading and writing."""
        self._files[name].flush()
        return _map(self.folder / name, *self._shapes[name], writable=True)

    def reserve(self, name: str, kind: Any, shape: tuple[int, ...]) -> Array:
        """A column of zeros, mapped for reading and writing. Raises OSError where there is no room."""
        self._shapes[name] = (np.dtype(kind), shape)
        with _create(self.folder / name) as file:
            size = self._shapes[name][0].itemsize * math.prod(shape)
            if size:
                os.posix_fallocate(file.fileno(), 0, size)
        return _map(self.folder / name, *self._shapes[name], writable=True)

    def finish(self, about: dict[str, Any]) -> None:
        """The folder is whole from here on."""
        for file in self._files.values():
            file.close()
        arrays = {name: {"type": kind.str, "shape": shape} for name, (kind, shape) in self._shapes.items()}
        with _create(self.folder / ABOUT) as file:
            file.write(json.dumps({"format": FORMAT, "about": about, "arrays": arrays}).encode())

    def abandon(self) -> None:
        for file in self._files.values():
            file.close()


def load(
    folder: Path, *, writable: bool = False, ready: bool = False
) -> tuple[dict[str, Any], dict[str, Array]]:
    """What was said about a finished folder, and its arrays. Raises ValueError for another format.

    `ready`: every page is entered into the process's tables now. Look-ups touch pages at random, and without
    it each would pay for the first touch of its own: twice the time, until all have been touched.
    """
    head = json.loads((folder / ABOUT).read_text())
    if head["format"] != FORMAT:
        raise ValueError(f"{folder} was written by another version")
    arrays = {
        name: _map(
            folder / name, np.dtype(entry["type"]), tuple(entry["shape"]), writable=writable, ready=ready
        )
        for name, entry in head["arrays"].items()
    }
    return head["about"], arrays


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "r+b")


def _map(
    path: Path, kind: np.dtype[Any], shape: tuple[int, ...], *, writable: bool, ready: bool = False
) -> Array:
    size = kind.itemsize * math.prod(shape)
    if not size:
        return np.zeros(shape, kind)
    flags = mmap.MAP_SHARED | (mmap.MAP_POPULATE if ready else 0)
    access = mmap.PROT_READ | (mmap.PROT_WRITE if writable else 0)
    with path.open("r+b" if writable else "rb") as file:
        return np.frombuffer(mmap.mmap(file.fileno(), size, flags, access), kind).reshape(shape)
