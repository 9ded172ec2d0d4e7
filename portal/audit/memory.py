"""What this machine's sealer signed last: a file beside the database, not in it.

Whoever can change the tables could else have the portal itself sign another history: cut the log, change what
is cut off, and put it back into the queue. The sealer signs only what goes on from this file, and
`manage.py audit verify` holds the log to it. A machine that has none yet trusts the database once.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.conf import settings

from portal.audit import keys
from portal.audit.heads import Head, Kept
from portal.audit.notes import open_note

WHERE = "remembered on this machine"


def recall() -> Kept | None:
    """The checkpoint, if this machine has sealed this log. Raises BadNote (a file without one), OSError."""
    try:
        note = _path().read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    return Kept(Head.parse(open_note(note, keys.trusted()).text), WHERE)


def keep(note: str) -> None:
    """Remember a checkpoint whose transaction has committed. Killed half way, the one before stays."""
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def forget() -> None:
    _path().unlink(missing_ok=True)


def _path() -> Path:
    name = hashlib.sha256(keys.origin().encode()).hexdigest()[:16]
    return Path(settings.SEALED_DIR) / f"{name}.checkpoint"
