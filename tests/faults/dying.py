"""A real process that is killed with SIGKILL at the n-th line it runs of given source files."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from django.db import connections

ROOT = Path(__file__).resolve().parents[2]


def lines_of(work: Callable[[], object], *files: str) -> int:
    """How many lines of `files` the work runs; it is really done, in a child."""
    read, write = os.pipe()

    def count() -> None:
        work()
        os.write(write, str(tracer.seen).encode())

    tracer = _Tracer(files, last=None)
    assert _child(count, tracer) == 0
    os.close(write)
    with os.fdopen(read) as result:
        return int(result.read())


def die_at(line: int, work: Callable[[], object], *files: str) -> bool:
    """Run the work in a child that ends at the `line`-th line; whether it was killed there."""
    status = _child(work, _Tracer(files, last=line))
    assert status in {0, -signal.SIGKILL}
    return status == -signal.SIGKILL


class _Tracer:
    def __init__(self, files: tuple[str, ...], last: int | None) -> None:
        self.files = tuple(str(ROOT / name) for name in files)
        self.last = last
        self.seen = 0

    def __call__(self, frame: FrameType, event: str, _argument: object) -> _Tracer | None:
        if not frame.f_code.co_filename.startswith(self.files):
            return None
        if event == "line":
            self.seen += 1
            if self.seen == self.last:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def _child(work: Callable[[], object], tracer: _Tracer) -> int:
    """The exit status of a forked child that does the work under the tracer, on connections of its own."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    status = 1
    try:
        for connection in connections.all(initialized_only=True):
            connection.connection = None  # the parent's: not to be closed from here
        sys.settrace(tracer)
        work()
        status = 0
    finally:
        sys.settrace(None)
        os._exit(status)
