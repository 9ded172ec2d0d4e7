"""Costly derivations: a bounded number at once over all processes, a calm answer beyond it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

import pytest
from pytest_django import Settings

from portal.core.errors import Unavailable
from portal.crypto import passwords, slots

pytestmark = pytest.mark.waits
HOLDER = """
import fcntl, os, sys
descriptor = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
fcntl.flock(descriptor, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.SLOTS_DIR = tmp_path / "slots"
    settings.ARGON2_AT_ONCE = 2
    return tmp_path / "slots"


def test_no_more_than_the_slots_run_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve at the door of two: each gets its turn, and never are three inside."""
    monkeypatch.setattr(slots, "WAIT", 120.0)
    inside, most, lock = 0, 0, threading.Lock()
    full = threading.Barrier(2)

    def enter(_number: int) -> None:
        nonlocal inside, most
        with slots.one():
            with lock:
                inside += 1
                most = max(most, inside)
            full.wait(timeout=60)  # both slots are taken before either is given back
            with lock:
                inside -= 1

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(enter, range(12)))
    assert (most, inside) == (2, 0)


def test_beyond_the_wait_it_is_busy_and_nothing_is_derived(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "WAIT", 0.0)
    with slots.one(), slots.one(), mock.patch.object(passwords, "hash_secret_raw") as derive:
        with pytest.raises(Unavailable) as refused:
            passwords.derive("ABCD", bytes(16))
        assert derive.call_count == 0
    assert (refused.value.code, refused.value.status, refused.value.retry_after) == ("busy", 503, 20)
    with slots.one(), slots.one():
        pass  # an error gives no slot away


def test_another_process_counts_and_its_death_frees_its_slot(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "WAIT", 0.0)
    folder.mkdir()
    holder = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", HOLDER, str(folder / "slot-0")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with slots.one(), pytest.raises(Unavailable), slots.one():
            pass
        holder.kill()
        holder.wait()
    with slots.one(), slots.one():
        pass


def test_its_files_are_empty_and_the_portals_own(folder: Path) -> None:
    with slots.one():
        found = list(folder.iterdir())
    assert [(path.name, path.stat().st_size, path.stat().st_mode & 0o777) for path in found] == [
        ("slot-0", 0, 0o600)
    ]
    assert (folder.stat().st_mode & 0o777, folder.stat().st_uid) == (0o700, os.geteuid())
