"""What code that took a caged child over would try. Each answer says how far it got."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


def prepare() -> None:
    """Nothing to load."""


def answer(data: bytes, args: list[str]) -> bytes:
    return json.dumps(_TRICKS[args[0]](data)).encode()


def _echo(data: bytes) -> object:
    return len(data)


def _surroundings(_data: bytes) -> object:
    status = Path("/proc/self/status")
    return {
        "environment": sorted(set(os.environ) - {"LC_CTYPE", "OPENBLAS_NUM_THREADS"}),
        "session": os.getsid(0) == os.getpid(),
        "core": resource.getrlimit(resource.RLIMIT_CORE)[1],
        "status": _try(status.read_text),
    }


def _write_file(_data: bytes) -> object:
    return _try(lambda: Path("/tmp/escaped").write_bytes(b"x"))


def _read_file(_data: bytes) -> object:
    return _try(lambda: Path("/etc/passwd").read_text())


def _connect(_data: bytes) -> object:
    return _try(lambda: socket.create_connection(("127.0.0.1", 9)))


def _run_program(_data: bytes) -> object:
    return _try(lambda: subprocess.run(["/bin/true"], check=True))


def _eat_memory(_data: bytes) -> object:
    return _try(lambda: len(bytearray(4 * 1024**3)))


def _spin(_data: bytes) -> object:
    while True:
        pass


def _sleep(_data: bytes) -> object:
    time.sleep(60)
    return None


def _fork_and_sleep(_data: bytes) -> object:
    if os.fork() == 0:
        time.sleep(60)
    time.sleep(60)
    return None


def _shout(_data: bytes) -> object:
    return "x" * 20_000_000


def _die(_data: bytes) -> object:
    os.abort()


def _try(act: Callable[[], object]) -> str:
    try:
        act()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "done"


_TRICKS: dict[str, Callable[[bytes], object]] = {
    "echo": _echo,
    "surroundings": _surroundings,
    "write_file": _write_file,
    "read_file": _read_file,
    "connect": _connect,
    "run_program": _run_program,
    "eat_memory": _eat_memory,
    "spin": _spin,
    "sleep": _sleep,
    "fork_and_sleep": _fork_and_sleep,
    "shout": _shout,
    "die": _die,
}
