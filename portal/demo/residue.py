"""Looks for plaintext where none may be: every file of the installation, every table, every Redis key."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

PIECE = 32
PIECES_PER_PICTURE = 40
# Tables that every JPEG file shares stand before it.
HEADERS = 2048


def pieces_of(data: bytes) -> list[bytes]:
    """Samples of a file that are found wherever its bytes lie uncompressed; constant runs are left out."""
    step = max(PIECE, len(data) // PIECES_PER_PICTURE)
    pieces = (data[start : start + PIECE] for start in range(HEADERS, len(data) - PIECE, step))
    return [piece for piece in pieces if len(set(piece)) > PIECE // 3]


@dataclass(frozen=True)
class Found:
    """A needle in a place; the needle itself is not repeated."""

    place: str
    needle: int


def search(
    needles: list[bytes], *, folder: Path, database: str, redis_url: str, skip: tuple[Path, ...] = ()
) -> Iterator[Found]:
    """Every place that holds one of `needles`.

    `database` is a connection string of a role that may read every table. `skip` names folders that hold
    plaintext by their purpose (the sample agency's outbox stands for people's own mailboxes).
    """
    for place, data in _places(folder, database, redis_url, skip):
        for number, needle in enumerate(needles):
            if needle in data:
                yield Found(place, number)


def _places(
    folder: Path, database: str, redis_url: str, skip: tuple[Path, ...]
) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(path.is_relative_to(other) for other in skip):
            yield f"file {path.relative_to(folder)}", path.read_bytes()
    yield from _tables(database)
    yield from _keys(redis_url)


def _tables(database: str) -> Iterator[tuple[str, bytes]]:
    with psycopg.connect(database, autocommit=True) as connection:
        names = connection.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'").fetchall()
        for (name,) in names:
            if name.startswith(("pg_", "information_schema")):
                continue
            with connection.cursor().copy(f"COPY {name} TO STDOUT (FORMAT binary)") as rows:
                yield f"table {name}", b"".join(bytes(row) for row in rows)


def _keys(redis_url: str) -> Iterator[tuple[str, bytes]]:
    client = redis.Redis.from_url(redis_url)
    for key in client.scan_iter():
        yield "a Redis key", key
        yield f"Redis {key.decode(errors='replace')}", client.dump(key) or b""


def processes_under(folder: Path) -> list[str]:
    """Command lines that still mention `folder`: what a stopped installation must not leave behind."""
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)  # noqa: S607 (whichever ps is on PATH)
    return [line for line in listing.stdout.splitlines() if str(folder) in line and "ps -eo" not in line]
