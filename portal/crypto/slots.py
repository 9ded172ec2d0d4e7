"""How many costly derivations this machine runs at once, over all of its processes: each takes 64 to 100 MiB.

A slot is an empty file that whoever computes holds locked. The kernel lets go of it when a process ends,
however it ends, so no slot is ever lost; and it is about this machine's memory, so no network is asked.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from portal.core.errors import Unavailable

WAIT = 10.0  # seconds that somebody stands in the queue before they are told to come back
AGAIN = 20  # and in how many seconds
_LOOK = 0.02


@contextmanager
def one() -> Iterator[None]:
    """Hold one of settings.ARGON2_AT_ONCE slots.

    Raises Unavailable (code busy) when none was free for 10 seconds; nothing has happened by then.
    """
    descriptor = _take(time.monotonic() + WAIT)
    try:
        yield
    finally:
        os.close(descriptor)  # lets go of the lock


def _take(until: float) -> int:
    folder = Path(settings.SLOTS_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        for number in range(settings.ARGON2_AT_ONCE):
            descriptor = _try(folder / f"slot-{number}")
            if descriptor is not None:
                return descriptor
        if time.monotonic() >= until:
            message = _(
                "Many people are here at this moment. Wait a little, then try again. Nothing is lost."
            )
            raise Unavailable(message, code="busy", retry_after=AGAIN)
        time.sleep(_LOOK)


def _try(path: Path) -> int | None:
    """The slot's open file, locked; None when somebody holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
