"""The few functions that write without recording, each with its reason beside it.

A test walks every function that writes rows and demands an entry, from it or from all who call it; this
decorator is the only way out, and docs/audit.md lists every use of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

reasons: dict[str, str] = {}


def unrecorded(why: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function that writes no entry; `why` is a sentence for an auditor."""

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        reasons[f"{function.__module__}.{function.__qualname__}"] = why
        return function

    return mark
