"""The file that ships: what each background picture would be looked up by, and where it came from.

Layout: b"BACKDROP", version (u16), header length (u32), a JSON header, then each picture's length (u32) and
bytes (shown.py). All little endian.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hashing.fingerprints.background import shown
from hashing.fingerprints.background.shown import Shown
from hashing.fingerprints.regional import table

MAGIC = b"BACKDROP"
LEAD = struct.Struct("<8sHI")
LENGTH = struct.Struct("<I")
VERSION = 1


@dataclass(frozen=True, slots=True)
class Background:
    """The pictures and their names ("screen/chat-dark-2"); `about` says what made them, and `projection`
    which numbers their codes were made with."""

    names: tuple[str, ...]
    pictures: tuple[Shown, ...]
    projection: str
    about: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.pictures)


def projection_of(made_with: table.Table) -> str:
    """What codes depend on, in short: codes of tables that differ in it can't be compared."""
    numbers = made_with.projection.astype("<i2").tobytes() + made_with.threshold.astype("<i4").tobytes()
    return hashlib.sha256(numbers).hexdigest()[:16]


def save(own: Background, path: Path) -> None:
    """Writes the file; the same background gives the same bytes."""
    about = {"names": own.names, "projection": own.projection, "about": dict(own.about)}
    header = json.dumps(about, sort_keys=True).encode()
    body = [shown.dump(picture) for picture in own.pictures]
    data = b"".join(LENGTH.pack(len(part)) + part for part in body)
    path.write_bytes(LEAD.pack(MAGIC, VERSION, len(header)) + header + data)


def load(path: Path) -> Background:
    """Reads the file. Raises ValueError for one of another kind, or cut short."""
    data = path.read_bytes()
    if len(data) < LEAD.size or LEAD.unpack_from(data)[:2] != (MAGIC, VERSION):
        raise ValueError(f"{path} is no background of this version")
    start = LEAD.size + int(LEAD.unpack_from(data)[2])
    header = json.loads(data[LEAD.size : start])
    pictures = tuple(_pictures(data, start))
    if len(pictures) != len(header["names"]):
        raise ValueError(f"{path} doesn't hold as many pictures as it names")
    return Background(tuple(header["names"]), pictures, header["projection"], header["about"])


@cache
def current() -> Background:
    """The background that ships. Raises ValueError if its codes can't be compared with today's."""
    found = load(table.DATA / f"background-v{VERSION}.bin")
    if found.projection != projection_of(table.current()):
        raise ValueError("the background was made with another projection: run manage.py background make")
    return found


def _pictures(data: bytes, at: int) -> Sequence[Shown]:
    found = []
    while at + LENGTH.size <= len(data):
        (length,) = LENGTH.unpack_from(data, at)
        found.append(shown.parse(data[at + LENGTH.size : at + LENGTH.size + length]))
        at += LENGTH.size + length
    return found
