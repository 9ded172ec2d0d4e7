"""What a checkpoint says, as https://c2sp.org/tlog-checkpoint writes it: origin, number of leaves, root."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Self

from portal.audit.notes import BadNote, from_base64

_SIZE = re.compile(r"0|[1-9][0-9]*", re.ASCII)
# Any more digits, and it is no size of a log but a way to keep a machine busy.
_LONGEST_SIZE = 18


@dataclass(frozen=True)
class Head:
    """The root (32 bytes) of the first `size` leaves of the log called `origin`."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises BadNote. Lines after the third are extensions, and skipped."""
        origin, size, root, *_rest = (*text.split("\n"), "", "", "")
        if not origin or not _SIZE.fullmatch(size) or len(size) > _LONGEST_SIZE:
            raise BadNote("not a checkpoint")
        return cls(origin, int(size), from_base64(root))


@dataclass(frozen=True)
class Kept:
    """A checkpoint from outside the database that the log must go on from, its signature checked; `where`
    completes "the checkpoint"."""

    head: Head
    where: str = "kept elsewhere"
