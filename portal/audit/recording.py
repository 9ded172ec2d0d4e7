"""Writing an entry, inside the transaction of what it tells of."""

from __future__ import annotations

import json
from datetime import timedelta

from django.db import DEFAULT_DB_ALIAS, transaction

from portal.audit import canonical
from portal.audit.models import Entry
from portal.audit.subjects import Subject
from portal.audit.values import Unsafe, Value, encoded, short
from portal.audit.verbs import Verb
from portal.core import clock
from portal.core.context import Context

# An entry's time is its action's. A context may live as long as a long task, never longer.
OLDEST = timedelta(hours=1)

_COLUMNS = (
    *("id", "verb", "actor_kind", "actor_id", "role", "subject_type", "subject_id"),
    *("action_id", "at", "nonce", "leaf"),
)
_INSERT = (
    f"INSERT INTO audit_entry ({', '.join(_COLUMNS)}, payload) VALUES ({'%s, ' * len(_COLUMNS)}%s::jsonb)"  # noqa: S608 (constants)
)


class OutsideTransaction(RuntimeError):
    """An entry must commit, or vanish, together with what it tells of."""


def record(ctx: Context, verb: Verb, subject: Subject, **payload: Value) -> Entry:
    """Add an entry to the caller's transaction.

    Raises OutsideTransaction, Unsafe for a payload that the verb doesn't declare or a value that could hold
    personal data, ValueError for a context from another hour.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(f"{verb} must be recorded inside transaction.atomic()")
    if abs(clock.now() - ctx.at) > OLDEST:
        raise ValueError("the context is too old: an entry can't be back-dated")
    entry = Entry(
        verb=str(verb),
        actor_kind=str(ctx.actor.kind),
        actor_id=short("actor", ctx.actor.id),
        role=short("role", str(ctx.actor.role)) if ctx.actor.role else "",
        subject_type=short("subject", subject.type),
        subject_id=short("subject", str(subject.id)),
        payload=_payload(verb, payload),
        action_id=ctx.action_id,
        at=ctx.at,
    )
    entry.leaf = canonical.encode(entry)
    _insert(entry)
    return entry


def _insert(entry: Entry) -> None:
    """One plain statement: every service pays for this, and the ORM's way costs as much again."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(_INSERT, [getattr(entry, name) for name in _COLUMNS] + [json.dumps(entry.payload)])
    entry._state.adding, entry._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 (as `save` would leave it)


def _payload(verb: Verb, payload: dict[str, Value]) -> dict[str, int | bool | str]:
    unknown = payload.keys() - verb.payload.keys()
    if unknown:
        raise Unsafe(f"{verb} declares no {', '.join(sorted(unknown))} (portal/audit/verbs.py)")
    return {key: encoded(key, value, verb.payload[key]) for key, value in payload.items()}
