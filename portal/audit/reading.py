"""Reading sealed entries in bulk: a page of leaves comes as a few long values, not as thousands of objects.

The database itself writes each entry's canonical bytes anew from its columns (the same as
canonical.encode) and compares them with the stored ones: that is reading, as far as the log goes. What is
hashed and compared with the tree happens here.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from django.db import connection

# A whole number of tiles.
PAGE = 4096

# portal.audit.canonical in SQL. Identifiers and texts are short and plain (values.short), so to_json and
# Python's encoder write them alike; a tampered one that they write differently is a difference too.
CANONICAL = """
'{"action_id":"' || e.action_id || '","actor_id":' || to_json(e.actor_id::text) || ',"actor_kind":'
|| to_json(e.actor_kind::text) || ',"at":' || (extract(epoch from e.at) * 1000000)::bigint || ',"id":"' ||
e.id || '","nonce":"' || encode(e.nonce, 'hex') || '","payload":{'
|| coalesce((SELECT string_agg(to_json(key) || ':' || value::text, ',' ORDER BY key COLLATE "C")
             FROM jsonb_each(e.payload)), '')
|| '},"role":' || to_json(e.role::text) || ',"subject_id":' || to_json(e.subject_id::text)
|| ',"subject_type":' || to_json(e.subject_type::text) || ',"v":1,"verb":' || to_json(e.verb::text) || '}'
"""
_PAGE = f"""
SELECT count(*), count(DISTINCT l.index), min(l.index), max(l.index),
       count(*) FILTER (WHERE convert_to({CANONICAL}, 'UTF8') = e.leaf),
       string_agg(l.hash, ''::bytea ORDER BY l.index),
       array_agg(e.leaf ORDER BY l.index),
       array_agg((extract(epoch from e.at) * 1000000)::bigint ORDER BY l.index),
       (SELECT string_agg(t.hash, ''::bytea ORDER BY t.index) FROM audit_tile AS t
        WHERE t.level = 1 AND t.index >= %(start)s::bigint / 256
        AND t.index < (%(start)s::bigint + %(size)s) / 256)
FROM (SELECT * FROM audit_leaf WHERE index >= %(start)s ORDER BY index LIMIT %(size)s) AS l
LEFT JOIN audit_entry AS e ON e.id = l.entry_id
"""  # noqa: S608 (constants of this file)


@dataclass(frozen=True)
class Page:
    """The leaves from `start` on, as far as they go: at most PAGE. `sound` says that none is missing and
    every column says what its entry's stored bytes say; otherwise the lists are of no use."""

    start: int
    sound: bool
    hashes: bytes
    leaves: list[bytes]
    times: list[int]
    tiles: bytes  # the stored roots of its complete tiles


def page(start: int, *, size: int = PAGE) -> Page | None:
    """The sealed entries from place `start` on; None past the end. Raises psycopg.DataError for what isn't
    JSON."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        row = cursor.execute(_PAGE, {"start": start, "size": size}, binary=True).fetchone()
    if row is None or not row[0]:
        return None
    count, places, first, last, same, hashes, leaves, times, tiles = row
    sound = first == start and last == start + count - 1 and places == same == count
    return Page(start, sound, hashes, leaves, times, tiles or b"")
