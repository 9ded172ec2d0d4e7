"""An index of a test's own, in memory."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from hashing.matching import builder
from hashing.matching.builder import Done
from hashing.matching.generations import Folder


@pytest.fixture
def index_folder(settings: Settings) -> Iterator[Folder]:
    """An empty folder that the service reads, gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix="portal-test-index-", dir="/dev/shm"))
    settings.INDEX_DIR = path / "index"
    yield Folder(path / "index")
    shutil.rmtree(path)


def brought_up_to_date(folder: Folder) -> Done:
    done = builder.run(folder)
    assert not done.busy
    return done
