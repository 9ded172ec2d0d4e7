"""The inside of the cage: locks itself in before it reads the first hostile byte. Never imports Django."""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_M_ARENA_MAX = -8
_NO_MORE_FILES = 3


def main() -> None:
    """Run by the cage: settings in the second argument, the payload on standard input."""
    settings = json.loads(sys.argv[2])
    _lock_in(settings["parent"], settings["memory"], settings["processor"])
    module = importlib.import_module(settings["module"])
    module.prepare()
    _limit(resource.RLIMIT_NOFILE, _NO_MORE_FILES)
    answer = module.answer(sys.stdin.buffer.read(), settings["args"])
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    os._exit(0)


def _lock_in(parent: int, memory: int, processor: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in (
        (_PR_SET_PDEATHSIG, signal.SIGKILL),
        (_PR_SET_NO_NEW_PRIVS, 1),
        (_PR_SET_DUMPABLE, 0),
    ):
        if libc.prctl(option, int(value), 0, 0, 0) != 0:
            sys.exit(1)
    if os.getppid() != parent:  # the parent died before we asked to die with it
        sys.exit(1)
    libc.mallopt(_M_ARENA_MAX, 1)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CPU, processor)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, 64)


def _limit(which: int, most: int) -> None:
    _, hard = resource.getrlimit(which)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (most, most))
