"""How far a command is: a line on the terminal that is written over, or now and then a line in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

EVERY = 5.0


def bar(what: str) -> Callable[[int, int], None]:
    """A function to call with what is done and what there is."""
    last = time.monotonic()

    def show(done: int, total: int) -> None:
        nonlocal last
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{what} {done} of {total}" + ("\n" if done >= total else ""))
        elif done >= total or time.monotonic() - last > EVERY:
            last = time.monotonic()
            sys.stderr.write(f"{what} {done} of {total}\n")
        sys.stderr.flush()

    return show
