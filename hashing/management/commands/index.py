"""manage.py index build | status: the index of fingerprints on this machine."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hashing import changes
from hashing.matching import builder, mapped
from hashing.matching.generations import Folder
from hashing.matching.parts import UNREADABLE, Part
from portal.crypto.errors import KeyNotHeld


class Command(BaseCommand):
    help = "Builds the index of fingerprints on this machine, or says how it stands."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["build", "status"])
        parser.add_argument("--anew", action="store_true", help="read everything, not only what changed")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = mapped.folder()
        if options["action"] == "status":
            self.stdout.write(json.dumps(status(folder)))
            return
        try:
            done = builder.run(folder, anew=options["anew"])
        except KeyNotHeld as error:
            raise CommandError("This process holds no field key: it can't read regional codes.") from error
        except OSError as error:
            raise CommandError(f"The index can't be written to {folder.path} ({error.strerror}).") from error
        if done.busy:
            raise CommandError("Another builder is at work.")
        read = "everything" if done.anew else "what changed"
        self.stdout.write(f"Read {read}: {done.added} pictures in, {done.removed} out.")


def status(folder: Folder) -> dict[str, Any]:
    """In numbers: what the index holds, how old it is, and how far it is behind the database."""
    current = folder.current()
    if current is None:
        return {"folder": str(folder.path), "built": False}
    parts = [_opened(folder, name) for name in current.parts]
    return {
        "folder": str(folder.path),
        "built": True,
        "generation": current.number,
        "pictures": sum(part.alive for part in parts),
        "regional": current.enrolled,
        "parts": [{"pictures": part.alive, "bytes": part.nbytes} for part in parts],
        "seconds_old": round(folder.age(), 1),
        "changes_behind": changes.head() - current.marker,
    }


def _opened(folder: Folder, name: str) -> Part:
    """Raises CommandError for a part that is damaged."""
    try:
        return Part(folder.part(name))
    except UNREADABLE as error:
        message = f"{folder.part(name)} can't be read: the index is damaged. The next build makes it anew."
        raise CommandError(message) from error
