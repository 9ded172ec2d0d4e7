"""Child processes that never outlive us."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LAUNCHER = Path(__file__).with_name("launch.py")


class StartFailed(Exception):
    """Something can't be started here; the message is one sentence for whoever started it."""


@dataclass
class Child:
    """A running child, in a process group of its own, with what it prints in `log`."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def stop(self, *steps: tuple[int, float]) -> None:
        """Send each signal in turn and wait its seconds; SIGKILL to the whole group is the last step."""
        for number, seconds in steps:
            if not self.running:
                break
            self.signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    def last_words(self, lines: int = 15) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return ""


def command_for(
    command: Sequence[str | Path], *, mode: str = "self", dies_by: int = signal.SIGTERM
) -> list[str]:
    """`command` behind the launcher: it gets the signal `dies_by` when this process ends."""
    words = [sys.executable, "-I", "-S", LAUNCHER, mode, int(dies_by), os.getpid(), *command]
    return [str(word) for word in words]


def open_log(path: Path) -> IO[bytes]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    mode: str = "self",
    dies_by: int = signal.SIGTERM,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Child:
    """Start `command`. Only from the main thread: to the kernel, a parent is the thread that started it."""
    with open_log(log) as output:
        process = subprocess.Popen(
            command_for(command, mode=mode, dies_by=dies_by),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=env,
            cwd=cwd,
        )
    return Child(name, process, log)


def stop_all(children: Sequence[Child], *steps: tuple[int, float]) -> None:
    """Like Child.stop for each, but they end at the same time."""
    for number, seconds in steps:
        deadline = time.monotonic() + seconds
        for child in children:
            child.signal(number)
        while any(child.running for child in children) and time.monotonic() < deadline:
            time.sleep(0.02)
    for child in children:
        child.stop()
