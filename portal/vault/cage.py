"""Runs code on hostile bytes in a child process that can do next to nothing else.

The child has an empty environment, a session and process group of its own, limits on memory, time and files,
no new privileges, and dies with its parent. Plaintext goes in and results come out by pipes only. What
comes out was made by code that may have been taken over: callers check every value of it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

_ROOT = Path(__file__).resolve().parent.parent.parent
_START = "import sys; sys.path.insert(0, sys.argv[1]); from portal.vault.caged import main; main()"


@dataclass(frozen=True)
class Limits:
    """Bytes of address space and of answer, seconds of processor time, seconds by the clock."""

    memory: int = 3 * 1024**3
    processor: int = 50
    seconds: float = 60.0
    answer: int = 8 * 1024**2


class CageError(Exception):
    """The child was stopped or failed: `code` is timeout, answer_too_long or failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def run(
    module: str, payload: Iterable[bytes], *, args: Iterable[str] = (), limits: Limits | None = None
) -> bytes:
    """What `module.answer(payload, args)` returns in a caged child. Raises CageError.

    An error while `payload` is being produced (a stream that doesn't open) kills the child and is raised.
    """
    limits = limits or Limits()
    child = _start(module, list(args), limits)
    timer = threading.Timer(limits.seconds, _kill, [child])
    timer.start()
    try:
        _feed(child, payload)
        answer = _read(child, limits)
        child.wait()
    finally:
        in_time = timer.is_alive()
        timer.cancel()
        _kill(child)
        child.wait()
        _close(child)
    if child.returncode != 0:
        raise CageError("failed" if in_time else "timeout")
    return answer


def _start(module: str, args: list[str], limits: Limits) -> subprocess.Popen[bytes]:
    settings = json.dumps({"module": module, "args": args, "parent": os.getpid(), **asdict(limits)})
    return subprocess.Popen(  # noqa: S603 (our own interpreter, no shell)
        [sys.executable, "-I", "-c", _START, str(_ROOT), settings],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
        close_fds=True,
    )


def _feed(child: subprocess.Popen[bytes], payload: Iterable[bytes]) -> None:
    """A child that died while we wrote is judged by its exit code, not by the broken pipe."""
    stream = _pipe(child.stdin)
    with contextlib.suppress(BrokenPipeError):
        for piece in payload:
            stream.write(piece)
        stream.close()


def _read(child: subprocess.Popen[bytes], limits: Limits) -> bytes:
    answer = _pipe(child.stdout).read(limits.answer + 1)
    if len(answer) > limits.answer:
        raise CageError("answer_too_long")
    return answer


def _pipe(stream: object) -> BinaryIO:
    if stream is None:
        raise ValueError("the child was started without its pipes")
    return stream  # type: ignore[return-value]  # Popen was given PIPE: it is a binary stream


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it may have started. Its id is not reused before we have waited for it."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)


def _close(child: subprocess.Popen[bytes]) -> None:
    for stream in (child.stdin, child.stdout):
        with contextlib.suppress(BrokenPipeError):
            _pipe(stream).close()
