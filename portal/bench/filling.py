"""Lists of random entries, made inside a transaction that is rolled back: nothing of a benchmark stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.db import connection, transaction

from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.models import List
from hashing.lists.states import Rule, Wire
from portal.core.context import Context

_ENTRIES = """
WITH made AS (
  INSERT INTO hashing_entry
    (id, list_id, rule, picture_id, state, proposed_at, digest, reason, variants, published)
  SELECT gen_random_uuid(), %(list)s, 'self_reported', gen_random_uuid(), 'proposed', now(), '', '',
    '["original"]', ''
  FROM generate_series(1, %(count)s) RETURNING id)
SELECT count(*) FROM made
"""
_PRINTS = """
INSERT INTO hashing_entryfingerprint (entry_id, kind, variant, value, quality, algorithm)
SELECT id, 'pdq', 'original', encode(sha256(id::text::bytea), 'hex'), 100, 'pdq-512-v1'
FROM hashing_entry WHERE list_id = %(list)s
"""
_LISTED = """
UPDATE hashing_entry entry
SET state = 'listed', guarded_at = now(), listed_at = now(), published = 'active', position = place.number,
  published_at = now()
FROM (SELECT id, row_number() OVER () AS number FROM hashing_entry WHERE list_id = %(list)s) place
WHERE place.id = entry.id
"""
_LINES = """
INSERT INTO hashing_publication (list_id, epoch, position, at, entry_id, state)
SELECT list_id, %(epoch)s, position, now(), id, 'active'
FROM hashing_entry WHERE list_id = %(list)s ORDER BY position
"""
_RECORDS = """
INSERT INTO hashing_wirerecord (id, list_id, kind, value_key, value, cases, revision, last_mod)
SELECT gen_random_uuid(), %(list)s, 'pdq', sha256(number::text::bytea),
  encode(sha256(number::text::bytea), 'hex'), json_build_object(gen_random_uuid(), 'Active'), number,
  1700000000 + number / 500
FROM generate_series(1, %(count)s) AS number
"""


def read_by_index() -> None:
    """Rows that aren't committed have no statistics, and without any the planner would read whole tables."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


@contextmanager
def undone() -> Iterator[None]:
    """A transaction whose work is undone at the end, whatever happens."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def empty_list() -> List:
    slug = f"bench-{uuid4().hex[:8]}"
    return services.create_list(Context.system("bench"), slug=slug, name=slug, rule=Rule.SELF_REPORTED)


def with_publications(count: int) -> List:
    """A list of `count` active entries with a PDQ value each."""
    made = empty_list()
    for statement in (_ENTRIES, _PRINTS, _LISTED, _LINES):
        _run(statement, made, count)
    made.head = count
    made.save(update_fields=["head"])
    return made


def with_records(count: int) -> List:
    """A list of `count` active records of the StopNCII wire."""
    made = empty_list()
    _run(_RECORDS, made, count)
    made.revision = count
    made.save(update_fields=["revision"])
    return made


def key_for(wire: Wire, *lists: List) -> IssuedKey:
    ctx = Context.system("bench")
    partner = services.add_partner(ctx, name=f"bench {uuid4()}")
    document = services.Document(sha256="00" * 32, signed_by="bench")
    services.agree(ctx, partner=partner, version="bench", document=document, signed_on=ctx.at.date())
    for each in lists:
        services.entitle(ctx, partner=partner, hash_list=each, asked_for=True)
    wanted = None if wire == Wire.NATIVE else lists[0]
    return services.issue_key(ctx, partner=partner, wire=wire, hash_list=wanted)


def _run(statement: str, made: List, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"list": made.pk, "epoch": made.epoch, "count": count})
