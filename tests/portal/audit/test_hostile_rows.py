"""Rows that no portal writes: whatever a superuser puts into the tables, `audit verify` says which it is."""

from __future__ import annotations

import pytest
from django.db import connections

from portal.audit.findings import Broken
from portal.audit.models import Entry
from tests.portal.audit.log import verify
from tests.portal.audit.test_verification import entries

__all__ = ["entries"]
TABLES = ("entry", "leaf", "tile", "checkpoint")
# The links and rules that a superuser takes away first.
BARE = """
DO $$ DECLARE one record; BEGIN
FOR one IN SELECT conrelid::regclass AS place, conname FROM pg_constraint
           WHERE conrelid::regclass::text LIKE 'audit\\_%' AND contype IN ('f', 'u', 'c', 'p')
           ORDER BY contype <> 'f'
LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', one.place, one.conname); END LOOP;
FOR one IN SELECT attrelid::regclass AS place, attname FROM pg_attribute
           WHERE attrelid::regclass::text IN ('audit_entry', 'audit_leaf', 'audit_checkpoint')
           AND attnotnull AND attnum > 0
LOOP EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', one.place, one.attname); END LOOP;
END $$
"""
ENTRY = "UPDATE audit_entry SET {} WHERE id = '{}'"
LEAF = "UPDATE audit_leaf SET {} WHERE index = 5"
PUT_BACK = "DELETE FROM audit_{0}; INSERT INTO audit_{0} SELECT * FROM kept_{0}"
UNREADABLE = "altered: it can't be read"
REMOVED = "the entry was removed"
SIGNED = "the columns of their checkpoint don't say what it signed (entries 4 to 7)"
COPY = (
    "INSERT INTO audit_leaf (index, entry_id, hash, mark)"
    " SELECT {}, entry_id, hash, mark FROM audit_leaf WHERE index = 5"
)
AGAIN = (
    "INSERT INTO audit_checkpoint (size, root, at, note)"
    " SELECT {}, root, at, note FROM audit_checkpoint WHERE size = 8"
)

# What the entry at 5 is made to say, and what is said of it.
OF_ENTRIES = {
    "at = 'infinity'": UNREADABLE,
    "at = '-infinity'": UNREADABLE,
    "at = '20000-01-01'": UNREADABLE,
    "at = '0044-03-15 BC'": UNREADABLE,
    "at = NULL": UNREADABLE,
    "leaf = NULL": UNREADABLE,
    "nonce = NULL": UNREADABLE,
    "verb = NULL": "altered: verb",
    "payload = NULL": "altered: payload",
    "payload = 'null'": "altered: payload",
    """payload = '"x"'""": "altered: payload",
    """payload = '{"pictures": 5.0}'""": "altered: payload",
    """payload = '{"pictures": "5"}'""": "altered: payload",
    """payload = '{"pictures": 1e400}'""": "altered: payload",
    """payload = payload || '{"é\\u2028": 1}'""": "altered: payload",
    "actor_id = E'te\\u0301st\\u202e'": "altered: actor_id",
    "id = gen_random_uuid()": REMOVED,
}
OF_LEAVES = {"hash = NULL": UNREADABLE, "hash = ''::bytea": "its sealed bytes were altered, or it was moved"}
# SQL, the place that is named, and what is said.
OTHERS = [
    ("UPDATE audit_leaf SET entry_id = NULL WHERE index = 5", 5, REMOVED),
    ("UPDATE audit_leaf SET index = 5 WHERE index = 4", 4, "the entry sealed at this place was removed"),
    (COPY.format(-1), -1, "a leaf outside the tree"),
    (COPY.format(5), 6, REMOVED),
    (COPY.format(10), 10, "no checkpoint covers it"),
    (COPY.format(5000), 10, "the entry sealed at this place was removed"),
    ("INSERT INTO audit_tile (level, index, hash) VALUES (1, 0, '')", None, "the stored tree has roots that"),
    (AGAIN.format(0), 0, "a checkpoint of 0 entries is one too many"),
    (AGAIN.format(-4), 0, "a checkpoint of -4 entries is one too many"),
    (AGAIN.format(8), 8, "a checkpoint of 8 entries is one too many"),
    (AGAIN.format(6), 4, "altered, removed or moved since their checkpoint was signed (entries 4 to 5)"),
    ("UPDATE audit_checkpoint SET at = 'infinity' WHERE size = 8", 4, "their checkpoint can't be read"),
    ("UPDATE audit_checkpoint SET at = NULL WHERE size = 8", 4, SIGNED),
    ("UPDATE audit_checkpoint SET root = NULL WHERE size = 8", 4, SIGNED),
    ("UPDATE audit_checkpoint SET note = NULL WHERE size = 8", 4, "their checkpoint can't be trusted"),
]


@pytest.fixture
def bare(entries: list[Entry]) -> list[Entry]:
    """The sealed entries, in tables that take anything."""
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE audit_{table} DISABLE TRIGGER USER")
            cursor.execute(f"CREATE TABLE kept_{table} AS TABLE audit_{table}")
        cursor.execute(BARE)
    return entries


def test_whatever_stands_in_the_tables_is_named(bare: list[Entry]) -> None:
    entry_id = bare[5].id
    cases = [(ENTRY.format(change, entry_id), 5, what) for change, what in OF_ENTRIES.items()]
    cases += [(LEAF.format(change), 5, what) for change, what in OF_LEAVES.items()]
    wrong = []
    with connections["owner"].cursor() as cursor:
        for sql, place, what in [*cases, *OTHERS]:
            cursor.execute(sql)
            found = _found()
            is_named = found.entry == entry_id or (sql, place, what) in OTHERS
            if not (found.index == place and found.what.startswith(what) and is_named):
                wrong.append((sql, str(found)))
            for table in TABLES:
                cursor.execute(PUT_BACK.format(table))
    assert wrong == []
    assert verify().entries == 10


def _found() -> Broken:
    try:
        return Broken(None, None, str(verify()))
    except Broken as found:
        return found
