"""What a verification found."""

from __future__ import annotations

from uuid import UUID


class Broken(Exception):
    """The first thing that isn't as sealed: where in the tree, which entry (if it can be told), and what."""

    def __init__(self, index: int | None, entry: UUID | None, what: str) -> None:
        self.index, self.entry, self.what = index, entry, what
        place = "" if index is None else f" at {index}"
        name = "" if entry is None else f" {entry}"
        super().__init__(f"entry{name}{place}: {what}")
