"""The publisher: the one that numbers publications."""

from __future__ import annotations


def publish_pending() -> int:
    """Publish what is owed, in batches; returns the number of lines."""
    raise NotImplementedError
