"""Millions of listed entries, in a database that is thrown away: no constraints, indexes built at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from hashing.lists.models import List

_TABLES = ["hashing_entry", "hashing_entryfingerprint", "hashing_publication"]
_LISTED = {"tables": [f"public.{name}" for name in _TABLES]}
_INDEXES = "SELECT indexdef FROM pg_indexes WHERE format('%%I.%%I', schemaname, tablename) = ANY(%(tables)s)"
_CONSTRAINTS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I CASCADE', conrelid::regclass, conname)
FROM pg_constraint WHERE conrelid = ANY(%(tables)s::regclass[]) AND contype IN ('c', 'f', 'p', 'u')
ORDER BY contype <> 'f'
"""
_OTHER_INDEXES = """
SELECT format('DROP INDEX %%I', indexname) FROM pg_indexes
WHERE format('%%I.%%I', schemaname, tablename) = ANY(%(tables)s)
"""
_ENTRIES = """
INSERT INTO hashing_entry (id, list_id, rule, picture_id, state, proposed_at, digest, reason, variants,
  published, listed_at, guarded_at, position, published_at)
SELECT md5(%(list)s::text || n)::uuid, %(list)s::text::uuid, 'self_reported', md5(n || %(list)s::text)::uuid,
  'listed', now(), '', '', '["original"]', 'active', now(), now(), n, now()
FROM generate_series(1, %(count)s::bigint) n
"""
_PRINTS = """
INSERT INTO hashing_entryfingerprint (entry_id, kind, variant, value, quality, algorithm)
SELECT md5(%(list)s::text || n)::uuid, 'pdq', 'original', md5(n::text) || md5(%(list)s::text || n), 100,
  'pdq-512-v1'
FROM generate_series(1, %(count)s::bigint) n
"""
_LINES = """
INSERT INTO hashing_publication (list_id, epoch, position, at, entry_id, state)
SELECT %(list)s::text::uuid, %(epoch)s::text, n, now(), md5(%(list)s::text || n)::uuid, 'active'
FROM generate_series(1, %(count)s::bigint) n
"""


@contextmanager
def bare(database: psycopg.Connection) -> Iterator[None]:
    """The lists' tables without constraints, triggers and indexes; afterwards with the indexes again.

    `database`: the superuser's connection to a database that nobody else needs.
    """
    for setting in ("session_replication_role = replica", "maintenance_work_mem = '512MB'", "jit = off"):
        database.execute(f"SET {setting}")
    indexes = [row[0] for row in database.execute(_INDEXES, _LISTED).fetchall()]
    for statements in (_CONSTRAINTS, _OTHER_INDEXES):
        for (statement,) in database.execute(statements, _LISTED).fetchall():
            database.execute(statement)
    yield
    for definition in indexes:
        database.execute(definition)
    for table in _TABLES:
        database.execute(f"VACUUM ANALYZE {table}")


def fill(database: psycopg.Connection, made: List, count: int) -> None:
    """The list gets `count` active entries with a PDQ value each."""
    values = {"list": str(made.pk), "epoch": made.epoch, "count": count}
    for statement in (_ENTRIES, _PRINTS, _LINES):
        database.execute(statement, values)
    made.head = count
    made.save(update_fields=["head"])
