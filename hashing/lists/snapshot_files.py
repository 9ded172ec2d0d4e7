"""Snapshots on disk: zstd-compressed NDJSON, in a folder that only the portal reads."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import zstandard
from django.conf import settings

LEVEL = 3
_SUFFIX = ".ndjson.zst"
_UNFINISHED = ".part"
# What nobody has named after so long was left by a build that died.
_ABANDONED = 3600


@dataclass(frozen=True)
class Written:
    """A whole file, not named yet."""

    path: Path
    size: int
    sha256: bytes


def path(snapshot_id: UUID) -> Path:
    return settings.SNAPSHOT_DIR / f"{snapshot_id}{_SUFFIX}"


@contextmanager
def written(pieces: Iterable[bytes]) -> Iterator[Written]:
    """The pieces as a compressed file under a name for the moment; `keep` it, or it goes."""
    settings.SNAPSHOT_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp's files are for their owner alone.
    handle, name = tempfile.mkstemp(dir=settings.SNAPSHOT_DIR, suffix=_UNFINISHED)
    try:
        digest, size = hashlib.sha256(), 0
        with os.fdopen(handle, "wb") as file:
            for chunk in _compressed(pieces):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        yield Written(Path(name), size, digest.digest())
    finally:
        Path(name).unlink(missing_ok=True)


def keep(file: Written, snapshot_id: UUID) -> None:
    file.path.rename(path(snapshot_id))


def remove(snapshot_id: UUID) -> None:
    path(snapshot_id).unlink(missing_ok=True)


def remove_abandoned(known: Iterable[UUID]) -> int:
    """Remove old files that belong to no snapshot; how many."""
    names = {path(each).name for each in known}
    limit = time.time() - _ABANDONED
    removed = 0
    for file in settings.SNAPSHOT_DIR.glob("*") if settings.SNAPSHOT_DIR.is_dir() else ():
        with suppress(FileNotFoundError):
            if file.name not in names and file.stat().st_mtime < limit:
                file.unlink()
                removed += 1
    return removed


def _compressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packing = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compressobj()
    for piece in pieces:
        if chunk := packing.compress(piece):
            yield chunk
    yield packing.flush()
