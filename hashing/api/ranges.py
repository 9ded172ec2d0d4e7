"""Parts of a file by `Range` (RFC 9110), so that a long transfer can be resumed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True)
class Part:
    """Bytes `first` to `last` of a file, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Beyond(Exception):
    """No byte of the file is in the range that was asked for."""


def wanted(header: str, size: int) -> Part | None:
    """The part; None for the whole: without the header, or for one that asks for several parts or nothing
    that can be read. Raises Beyond."""
    found = _ONE.fullmatch(header.strip())
    if found is None or not any(found.groups()):
        return None
    start, end = found.groups()
    if not start:
        first, last = max(0, size - int(end)), size - 1
        if int(end) == 0:
            raise Beyond
    else:
        first, last = int(start), min(int(end) if end else size - 1, size - 1)
        if end and int(end) < first:
            return None
    if first >= size:
        raise Beyond
    return Part(first, last)


class Reader:
    """A file's part as a file to read on, and to close."""

    def __init__(self, file: BinaryIO, part: Part) -> None:
        self._file, self._left = file, part.length
        file.seek(part.first)

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(min(size, self._left) if size >= 0 else self._left)
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._file.close()
