"""Folders whose files are in memory and never on a disk. Standard library only: the settings need it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_MOUNTS = Path("/proc/self/mounts")
_SWAPS = Path("/proc/swaps")
_IN_MEMORY = {"tmpfs", "ramfs"}


def folder(name: str) -> Path:
    """A folder in memory of this user's for whatever is called `name`: always the same for the same name.

    In $XDG_RUNTIME_DIR where there is one, else in /dev/shm.
    """
    short = hashlib.sha256(name.encode()).hexdigest()[:16]
    return Path(os.environ.get("XDG_RUNTIME_DIR") or "/dev/shm") / f"portal-{os.geteuid()}-{short}"  # noqa: S108 (made with mode 0700, and refused if somebody else's)


def is_in_memory(path: Path) -> bool:
    """Whether files made there would be in memory, whether or not the folder is there yet."""
    resolved = path.resolve()
    best, kind = Path(), ""
    for line in _MOUNTS.read_text().splitlines():
        _device, mounted, name, *_rest = line.split(" ")
        point = Path(mounted.replace("\\040", " "))
        if resolved.is_relative_to(point) and len(point.parts) >= len(best.parts):
            best, kind = point, name
    return kind in _IN_MEMORY


def may_be_swapped() -> bool:
    """Whether the machine could write memory to a disk. (What is swapped to zram stays in memory.)"""
    try:
        lines = _SWAPS.read_text().splitlines()[1:]
    except OSError:
        return False
    return any(not line.startswith("/dev/zram") for line in lines)
