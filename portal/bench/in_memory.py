"""A folder for files that are mapped, where the index keeps its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.core import memory


@contextmanager
def folder() -> Iterator[Path]:
    """In memory; gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix="portal-bench-", dir=memory.folder("bench").parent))
    try:
        yield path
    finally:
        shutil.rmtree(path)
