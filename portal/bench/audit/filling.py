"""A long log, made fast: the database makes entries and leaves, the tree is grown here from their hashes.

Only the owner can: the queue's triggers are off meanwhile, and the indexes that only searches need are built
at the end. The result is what the product would have written, marks aside; `audit verify` says so.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

from portal.audit import Verb, keys, notes, reading, tiles
from portal.audit.heads import Head
from portal.audit.merkle import HASH_LENGTH, Frontier
from portal.audit.models import Checkpoint, Tile
from portal.core import clock

RARE = Verb.KEY_ADDED
_FREQUENT = [Verb.CASE_READ, Verb.PICTURE_PREVIEWED, Verb.LIST_PULLED, Verb.CASE_FOLLOWED, Verb.MESSAGE_SENT]
_STAFF = 50
_FIRST_SUBJECT = 1_000_000
# Entries of one statement, a whole number of tiles; and under one checkpoint, as on a busy day.
_BATCH = 1 << 16
_SIGNED = 2000

_COLUMNS = (
    "id, verb, actor_kind, actor_id, role, subject_type, subject_id, payload, action_id, at, nonce, leaf"
)
_FILL = f"""
WITH e AS MATERIALIZED (
    SELECT n,
           uuidv7() AS id,
           CASE n %% 5000 WHEN 0 THEN %(rare)s ELSE (%(verbs)s::text[])[1 + floor(random() * 5)] END AS verb,
           'staff' AS actor_kind,
           lpad(to_hex(floor(random() * {_STAFF})::int), 32, '0')::uuid::text AS actor_id,
           'caseworker' AS role,
           'case' AS subject_type,
           lpad(to_hex({_FIRST_SUBJECT} + n / 10), 32, '0')::uuid::text AS subject_id,
           jsonb_build_object('part', 'story', 'count', n) AS payload,
           gen_random_uuid() AS action_id,
           clock_timestamp() - random() * interval '10 minutes' AS at,
           uuid_send(gen_random_uuid()) AS nonce
    FROM generate_series(%(start)s, %(end)s - 1) AS n
), made AS MATERIALIZED (
    SELECT e.*, convert_to({reading.CANONICAL}, 'UTF8') AS leaf FROM e
), entries AS (
    INSERT INTO audit_entry ({_COLUMNS}) SELECT {_COLUMNS} FROM made
), leaves AS (
    INSERT INTO audit_leaf (index, entry_id, hash, mark)
    SELECT n, id, sha256('\\x00'::bytea || leaf), ''::bytea FROM made
)
SELECT string_agg(sha256('\\x00'::bytea || leaf), ''::bytea ORDER BY n) FROM made
"""  # noqa: S608 (constants)
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = 'audit_entry' AND indexdef NOT LIKE '% UNIQUE %'
"""


def fill(size: int) -> None:
    """Make the sealed log `size` entries long: 50 members of staff, a subject for every 10 entries."""
    have = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    edge = tiles.frontier(have)
    with _bare_tables():
        start = have
        while start < size:
            end = min(start - start % _BATCH + _BATCH, size)
            _add(edge, start, end)
            start = end
    # As autovacuum would, sooner or later; only the owner may.
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE audit_entry, audit_leaf, audit_tile, audit_checkpoint")


def staff_id(number: int) -> str:
    return str(uuid.UUID(int=number))


def subject_id(number: int) -> str:
    return str(uuid.UUID(int=_FIRST_SUBJECT + number))


@transaction.atomic(using="owner")
def _add(edge: Frontier, start: int, end: int) -> None:
    values: dict[str, Any] = {"start": start, "end": end}
    values |= {"rare": str(RARE), "verbs": [str(verb) for verb in _FREQUENT]}
    with connections["owner"].cursor() as cursor:
        cursor.execute(_FILL, values)
        hashes = bytes(cursor.fetchone()[0])
    complete: list[Tile] = []
    signed: list[Checkpoint] = []
    for place in range(0, len(hashes), HASH_LENGTH):
        grown = edge.append(hashes[place : place + HASH_LENGTH])
        complete += tiles.completed_by(edge.size - 1, grown)
        if edge.size % _SIGNED == 0 or edge.size == end:
            signed.append(_checkpoint(edge))
    Tile.objects.using("owner").bulk_create(complete)
    Checkpoint.objects.using("owner").bulk_create(signed)


def _checkpoint(edge: Frontier) -> Checkpoint:
    at = clock.now().replace(microsecond=0)
    note = notes.sign(Head(keys.origin(), edge.size, edge.root()).text(), keys.signers(), at)
    return Checkpoint(size=edge.size, root=edge.root(), at=at, note=note)


@contextmanager
def _bare_tables() -> Iterator[None]:
    queue = (
        "ALTER TABLE audit_entry {0} TRIGGER audit_enqueue;ALTER TABLE audit_leaf {0} TRIGGER audit_dequeue"
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute(_INDEXES)
        indexes = cursor.fetchall()
        cursor.execute(queue.format("DISABLE"))
        cursor.execute("DROP INDEX " + ", ".join(name for name, _definition in indexes))
        try:
            yield
        finally:
            cursor.execute("; ".join(definition for _name, definition in indexes))
            cursor.execute(queue.format("ENABLE ALWAYS"))
