"""A list as a local file (SQLite). Every page is one transaction with the cursor that it leads to.

So a sync that is killed at any moment leaves a whole list as of some page, and goes on from there.
"""

from __future__ import annotations

import json
import sqlite3
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

from portal_kit.errors import KitError

FORMAT = "1"
# Kinds that are compared, not looked up.
NEAR = ("pdq", "phash")
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entry (
  id TEXT PRIMARY KEY, generation INTEGER NOT NULL, verification TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE fingerprint (
  entry TEXT NOT NULL REFERENCES entry ON DELETE CASCADE,
  kind TEXT NOT NULL, variant TEXT NOT NULL, value TEXT NOT NULL, max_distance INTEGER NOT NULL
) STRICT;
CREATE TABLE regional (
  entry TEXT NOT NULL REFERENCES entry ON DELETE CASCADE, version INTEGER NOT NULL, codes BLOB NOT NULL
) STRICT;
CREATE INDEX regional_entry ON regional (entry);
CREATE INDEX fingerprint_entry ON fingerprint (entry);
CREATE INDEX fingerprint_value ON fingerprint (kind, value);
"""


class Fingerprint(NamedTuple):
    """A listed fingerprint: lower-case hex, and how many bits a match may differ in."""

    entry: str
    kind: str
    variant: str
    value: str
    max_distance: int


class LocalList:
    """One list of one portal. The file is readable by its owner only, and holds no key."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.path.touch(mode=0o600)
        self._db = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute("PRAGMA secure_delete = ON")
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            message = f"{self.path} is no local list. Choose another file, or delete this one."
            raise KitError(message, "not_a_list") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    def about(self, name: str, default: str = "") -> str:
        """What is kept beside the entries: url, list, cursor, generation, position, synced_at."""
        row = self._db.execute("SELECT value FROM about WHERE name = ?", [name]).fetchone()
        return row[0] if row else default

    def __len__(self) -> int:
        """How many entries are listed."""
        return int(self._db.execute("SELECT count(*) FROM entry").fetchone()[0])

    def entries(self) -> Iterator[str]:
        for row in self._db.execute("SELECT id FROM entry ORDER BY id"):
            yield row[0]

    def verification(self, entry: str) -> str:
        """`agency_verified` or `self_reported`; empty once the entry is withdrawn."""
        row = self._db.execute("SELECT verification FROM entry WHERE id = ?", [entry]).fetchone()
        return row[0] if row else ""

    def fingerprints(self, kind: str) -> Iterator[Fingerprint]:
        """All of a kind, in a fixed order."""
        found = self._db.execute(
            "SELECT entry, kind, variant, value, max_distance FROM fingerprint WHERE kind = ?"
            " ORDER BY entry, variant",
            [kind],
        )
        yield from map(Fingerprint._make, found)

    def exact(self, kind: str, value: str) -> list[str]:
        """The entries that hold this very value."""
        found = self._db.execute(
            "SELECT DISTINCT entry FROM fingerprint WHERE kind = ? AND value = ? ORDER BY entry",
            [kind, value],
        )
        return [row[0] for row in found]

    def regional(self, version: int) -> Iterator[tuple[str, bytes]]:
        """Entry and regional fingerprint, masked as it came, of all that are of this version."""
        found = self._db.execute(
            "SELECT entry, codes FROM regional WHERE version = ? ORDER BY entry, codes", [version]
        )
        yield from found

    def apply(self, lines: Iterable[dict[str, Any]], *, after: str, **about: str) -> None:
        """Store the page that follows the cursor `after`: its lines in their order, and where it leads.

        Raises KitError, and stores nothing of it, when another sync has moved on in the meantime.
        """
        with self._transaction():
            if self.about("cursor") != after:
                raise KitError(f"Another sync is at work on {self.path}. Let it finish.", "busy")
            generation = int(self.about("generation", "0"))
            for line in lines:
                self._db.execute("DELETE FROM entry WHERE id = ?", [line["entry"]])
                if line["state"] == "active":
                    self._add(line, generation)
            self._note(about)

    def note(self, **about: str) -> None:
        """Keep something beside the entries."""
        with self._transaction():
            self._note(about)

    def begin_again(self) -> None:
        """The list has to be pulled from its start. What is here stays in use until `finish` has seen all."""
        with self._transaction():
            self._note({"cursor": "", "generation": str(int(self.about("generation", "0")) + 1)})

    def recommend(self, distances: Mapping[str, int], *, anew: bool) -> None:
        """How many bits may differ, by kind, as the list recommends it now: what is stored may be older.
        `anew`: also if nothing seems to have changed."""
        said = json.dumps(distances, sort_keys=True)
        if self.about("distances") == said and not anew:
            return
        with self._transaction():
            for kind in NEAR:
                bits = int(distances.get(kind, 0))
                self._db.execute(
                    "UPDATE fingerprint SET max_distance = ? WHERE kind = ? AND max_distance <> ?",
                    [bits, kind, bits],
                )
            self._note({"distances": said})

    def finish(self, **about: str) -> None:
        """All of the list is here: drop what a restart left behind."""
        with self._transaction():
            self._db.execute("DELETE FROM entry WHERE generation < ?", [int(self.about("generation", "0"))])
            self._note(about)

    def _prepare(self) -> None:
        with self._transaction():
            if not self._db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'about'").fetchone():
                for statement in _TABLES.split(";\n"):
                    self._db.execute(statement)
                self._note({"format": FORMAT})
        if self.about("format") != FORMAT:
            raise KitError(
                f"{self.path} was written by another version. Delete it, and sync again.", "old_format"
            )

    def _add(self, line: dict[str, Any], generation: int) -> None:
        entry = line["entry"]
        self._db.execute("INSERT INTO entry VALUES (?, ?, ?)", [entry, generation, line["verification"]])
        self._db.executemany(
            "INSERT INTO fingerprint VALUES (?, ?, ?, ?, ?)",
            [
                (entry, one["type"], one["variant"], one["value"], one["max_distance"])
                for one in line["hashes"]
            ],
        )

        self._db.executemany(
            "INSERT INTO regional VALUES (?, ?, ?)",
            [(entry, one["version"], b64decode(one["codes"])) for one in line.get("regional", ())],
        )

    def _note(self, about: dict[str, str]) -> None:
        self._db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)


class _Transaction:
    """All or nothing, and one writer at a time: a second sync waits, then sees the first one's cursor."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def __enter__(self) -> None:
        self.db.execute("BEGIN IMMEDIATE")

    def __exit__(self, error: type[BaseException] | None, *_rest: object) -> None:
        self.db.execute("ROLLBACK" if error else "COMMIT")
