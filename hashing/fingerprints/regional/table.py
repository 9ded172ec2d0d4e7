"""The frozen numbers behind a version of the regional fingerprint, one small file.

Layout: b"REGIONAL", version (u16), header length (u32), a JSON header, then the arrays it lists, in little
endian, each at a multiple of 8 bytes from the end of the header. Nothing in it needs Python to read.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional.arrays import Bytes, Floats

MAGIC = b"REGIONAL"
LEAD = struct.Struct("<8sHI")
DATA = Path(__file__).resolve().parent.parent / "data"
VERSION = 1
ALIGNMENT = 8


@dataclass(frozen=True, slots=True)
class Table:
    """What makes codes: bit i of a code is root · projection[:, i] > threshold[i].

    projection: (128, 256) whole numbers; threshold, noise: (256,), noise being how far a copy moves the
    product (one standard deviation); background: (n, 32) codes of ordinary pictures, to tell common ones.
    """

    version: int
    projection: Floats
    threshold: Floats
    noise: Floats
    background: Bytes
    about: dict[str, Any]

    @property
    def name(self) -> str:
        return f"regional-v{self.version}"


def load(path: Path) -> Table:
    """Reads a table. Raises ValueError for a file of another kind."""
    data = path.read_bytes()
    magic, version, length = LEAD.unpack_from(data)
    if magic != MAGIC:
        raise ValueError(f"{path} is not a table of the regional fingerprint")
    header = json.loads(data[LEAD.size : LEAD.size + length])
    start = LEAD.size + length
    arrays = {name: _array(data, start, entry) for name, entry in header["arrays"].items()}
    return Table(
        version=version,
        projection=arrays["projection"].astype(np.float32),
        threshold=arrays["threshold"].astype(np.float32),
        noise=arrays["noise"].astype(np.float32),
        background=arrays["background"].astype(np.uint8),
        about=header["about"],
    )


def save(table: Table, path: Path) -> None:
    """Writes a table; the same table gives the same bytes."""
    arrays: dict[str, NDArray[Any]] = {
        "projection": table.projection.astype("<i2"),
        "threshold": table.threshold.astype("<i4"),
        "noise": table.noise.astype("<i4"),
        "background": table.background.astype("u1"),
    }
    entries: dict[str, Any] = {}
    body = b""
    for name, array in arrays.items():
        entries[name] = {"type": array.dtype.str, "shape": array.shape, "at": len(body)}
        raw = array.tobytes()
        body += raw + bytes(-len(raw) % ALIGNMENT)
    header = json.dumps({"about": table.about, "arrays": entries}, sort_keys=True).encode()
    header += b" " * (-(LEAD.size + len(header)) % ALIGNMENT)
    path.write_bytes(LEAD.pack(MAGIC, table.version, len(header)) + header + body)


@cache
def version(number: int) -> Table:
    """Any version that there is; what was made with an old one stays matchable."""
    return load(DATA / f"regional-v{number}.bin")


def versions() -> list[int]:
    """All that this release can look for."""
    return sorted(int(path.stem.removeprefix("regional-v")) for path in DATA.glob("regional-v*.bin"))


def current() -> Table:
    """The version that new fingerprints are made with."""
    return version(VERSION)


def _array(data: bytes, start: int, entry: dict[str, Any]) -> NDArray[Any]:
    kind = np.dtype(entry["type"])
    count = int(np.prod(entry["shape"]))
    return np.frombuffer(data, kind, count, start + entry["at"]).reshape(entry["shape"])
