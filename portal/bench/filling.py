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

_BEGIN = 1_700_000_000
_RECORDS = """
INSERT INTO hashing_wirerecord (id, list_id, kind, value_key, value, cases, categories, revision,
  last_mod)
SELECT gen_random_uuid(), %(list)s, 'pdq', sha256(number::text::bytea),
  encode(sha256(number::text::bytea), 'hex'), json_build_object(gen_random_uuid(), 'Active'), '["ncii"]',
  number, %(begin)s + number / 500
FROM generate_series(1, %(count)s) AS number
"""


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


def with_records(count: int) -> List:
    """A list of `count` active records of the StopNCII wire."""
    made = empty_list()
    _run(_RECORDS, made, count)
    made.revision, made.revised_at = count, _BEGIN + count // 500
    made.save(update_fields=["revision", "revised_at"])
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
        cursor.execute(statement, {"list": made.pk, "epoch": made.epoch, "count": count, "begin": _BEGIN})
