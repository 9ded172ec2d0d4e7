"""A long log, made fast: entries by COPY, sealed by the product's own sealer."""

from __future__ import annotations

import json
import random
import uuid
from datetime import timedelta

from django.db import connection, connections, transaction

from portal.audit import Verb, canonical, sealer
from portal.audit.models import Checkpoint, Entry, new_nonce
from portal.core import clock

_COLUMNS = [
    "id",
    "verb",
    "actor_kind",
    "actor_id",
    "role",
    "subject_type",
    "subject_id",
    "payload",
    "action_id",
    "at",
    "nonce",
    "leaf",
]
_BATCH = 20_000
_FREQUENT = [Verb.CASE_READ, Verb.PICTURE_PREVIEWED, Verb.LIST_PULLED, Verb.CASE_FOLLOWED, Verb.MESSAGE_SENT]
RARE = Verb.KEY_ADDED


def fill(size: int, *, seed: int = 4711) -> None:
    """Make the sealed log `size` entries long: 50 members of staff, a subject for every 10 entries."""
    chance = random.Random(seed)  # noqa: S311 (a spread of entries, not a secret)
    have = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    while have < size:
        count = min(_BATCH, size - have)
        with transaction.atomic(), connection.cursor() as cursor:
            statement = f"COPY audit_entry ({', '.join(_COLUMNS)}) FROM STDIN"
            with cursor.copy(statement) as copy:
                for number in range(have, have + count):
                    copy.write_row(_row(_entry(number, chance)))
        have += sealer.seal_waiting()
    # As autovacuum would, sooner or later; only the owner may.
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE audit_entry, audit_leaf, audit_tile, audit_checkpoint")


def staff_id(number: int) -> str:
    return str(uuid.UUID(int=number))


def subject_id(number: int) -> str:
    return str(uuid.UUID(int=1_000_000 + number))


def _entry(number: int, chance: random.Random) -> Entry:
    entry = Entry(
        verb=str(RARE if number % 5000 == 0 else chance.choice(_FREQUENT)),
        actor_kind="staff",
        actor_id=staff_id(chance.randrange(50)),
        role="caseworker",
        subject_type="case",
        subject_id=subject_id(number // 10),
        payload={"part": "story", "count": number},
        action_id=uuid.uuid4(),
        at=clock.now() - timedelta(milliseconds=chance.randrange(600_000)),
        nonce=new_nonce(),
    )
    entry.leaf = canonical.encode(entry)
    return entry


def _row(entry: Entry) -> list[object]:
    values = [getattr(entry, name) for name in _COLUMNS]
    values[_COLUMNS.index("payload")] = json.dumps(entry.payload)
    return values
