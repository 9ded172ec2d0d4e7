"""A caged child gets nowhere, and never outlives its time or its parent."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.vault import cage

pytestmark = pytest.mark.waits

MISCHIEF = "tests.portal.vault.caged_mischief"
QUICK = cage.Limits(seconds=5, processor=1)


def play(trick: str, data: bytes = b"", limits: cage.Limits = QUICK) -> Any:
    return json.loads(cage.run(MISCHIEF, [data], args=[trick], limits=limits))


def caged_by(parent: int) -> set[int]:
    """The processes that were started in a cage by this parent, and what they forked."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f'"parent": {parent},'.encode() in (folder / "cmdline").read_bytes():
                found.add(int(folder.name))
    return found


def wait_until(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


def test_it_reads_all_and_answers() -> None:
    pieces = [b"x" * 65_536] * 100
    assert json.loads(cage.run(MISCHIEF, pieces, args=["echo"], limits=QUICK)) == 6_553_600


def test_it_knows_nothing_of_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do not pass on")
    assert play("surroundings") == {"environment": [], "session": True, "core": 0, "status": "OSError"}


@pytest.mark.parametrize("trick", ["write_file", "read_file", "connect", "run_program"])
def test_it_opens_nothing(trick: str) -> None:
    assert play(trick) == "OSError"
    assert not Path("/tmp/escaped").exists()


def test_it_has_so_much_memory_and_no_more() -> None:
    assert play("eat_memory") == "MemoryError"


@pytest.mark.parametrize(
    ("trick", "code"),
    [("spin", "failed"), ("sleep", "timeout"), ("fork_and_sleep", "timeout"), ("die", "failed")],
)
def test_it_is_stopped(trick: str, code: str) -> None:
    with pytest.raises(cage.CageError) as stopped:
        play(trick, limits=cage.Limits(seconds=5, processor=1))
    assert stopped.value.code == code
    assert wait_until(lambda: not caged_by(os.getpid()))


def test_a_long_answer_is_refused() -> None:
    with pytest.raises(cage.CageError) as stopped:
        play("shout", limits=cage.Limits(answer=1_000_000, seconds=20))
    assert stopped.value.code == "answer_too_long"


def test_bytes_that_do_not_open_end_it() -> None:
    def breaks() -> Iterator[bytes]:
        yield b"x"
        raise ValueError("altered")

    with pytest.raises(ValueError, match="altered"):
        cage.run(MISCHIEF, breaks(), args=["echo"], limits=QUICK)
    assert wait_until(lambda: not caged_by(os.getpid()))


_PARENT = f"""
from portal.vault import cage
cage.run({MISCHIEF!r}, [b""], args=["sleep"])
"""


def test_it_dies_with_its_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT])
    assert wait_until(lambda: bool(caged_by(parent.pid)))
    time.sleep(1.5)  # long enough for it to have locked itself in
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    assert wait_until(lambda: not caged_by(parent.pid))
