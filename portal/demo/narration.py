"""Says each step and what it saw; the first thing that doesn't hold ends the demo."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class DemoFailed(Exception):
    """A step didn't see what it must. The message says what it saw instead."""


class Narrator:
    """Numbers the steps and prints them as they happen."""

    def __init__(self) -> None:
        self.steps = 0
        self.started = time.monotonic()

    def step(self, title: str) -> None:
        self.steps += 1
        self._write(f"\n{self.steps:2}. {title}\n")

    def saw(self, what: str) -> None:
        self._write(f"    ✓ {what}\n")

    def check(self, holds: object, what: str, instead: object = "") -> None:
        """Print `what` if `holds`, else end the demo and say what was seen instead."""
        if not holds:
            raise DemoFailed(f"{what}: it does not hold. {instead}".strip())
        self.saw(what)

    def done(self) -> None:
        seconds = time.monotonic() - self.started
        self._write(f"\nAll {self.steps} steps held, in {seconds:.0f} seconds.\n")

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def until(seen: Callable[[], T | None], *, seconds: float, waiting_for: str) -> T:
    """Ask again every 0.2 s until there is something to see."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = seen()
        if result:
            return result
        time.sleep(0.2)
    raise DemoFailed(f"After {seconds:.0f} seconds there was still no {waiting_for}.")
