"""`python -m tests.clients CLIENT BASE PREFIX SECRET FILE`: a run in a process of its own, to be killed."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.clients.pulling import Access, pull

if __name__ == "__main__":
    pull(sys.argv[1], Access(*sys.argv[2:5]), Path(sys.argv[5]))
