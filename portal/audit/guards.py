"""Whether the tables are still guarded as the migrations left them: rules, triggers, and the portal's rights.

A superuser can take a guard away, and the log holds until somebody uses it. So `audit verify` looks at the
guards too.
"""

from __future__ import annotations

import re

from django.db import connection

# What is only ever added to.
APPEND_ONLY = (
    *("audit_entry", "audit_leaf", "audit_tile", "audit_checkpoint"),
    *("audit_published", "audit_cosignature", "audit_log"),
)
TRIGGERS = {
    **{(table, "audit_append_only"): "audit_refuse" for table in APPEND_ONLY},
    ("audit_entry", "audit_enqueue"): "audit_enqueue",
    ("audit_leaf", "audit_dequeue"): "audit_dequeue",
}
# What the functions behind them say, as migrations 0002 and 0005 wrote it; spaces and the schema apart.
BODIES = {
    "audit_refuse": (
        "BEGIN RAISE EXCEPTION 'the audit log is append-only: % on % refused', TG_OP, TG_TABLE_NAME"
        " USING ERRCODE = 'insufficient_privilege'; END"
    ),
    "audit_enqueue": (
        "BEGIN INSERT INTO audit_unsealed (entry_id, queued_at) VALUES (NEW.id, clock_timestamp());"
        " RETURN NULL; END"
    ),
    "audit_dequeue": (
        "BEGIN DELETE FROM audit_unsealed AS waiting USING fresh WHERE waiting.entry_id = fresh.entry_id;"
        " RETURN NULL; END"
    ),
}
_SCHEMA = re.compile(r"\S+\.(?=audit_unsealed)")
_TRIGGERS = """
SELECT t.tgrelid::regclass::text, t.tgname, p.proname, t.tgenabled, p.prosrc
FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND t.tgrelid::regclass::text = ANY(%s)
"""
# Primary keys and unique places: without them, one place could be taken twice.
UNIQUE = frozenset(
    {
        *(("audit_entry", "id"), ("audit_leaf", "index"), ("audit_leaf", "entry_id")),
        ("audit_checkpoint", "size"),
    }
)
_UNIQUE = """
SELECT c.conrelid::regclass::text, a.attname
FROM pg_constraint AS c JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
WHERE c.contype IN ('p', 'u') AND array_length(c.conkey, 1) = 1 AND c.conrelid::regclass::text = ANY(%s)
"""
_RIGHTS = """
SELECT name FROM unnest(%s::text[]) AS name
WHERE pg_get_userbyid((SELECT relowner FROM pg_class WHERE oid = name::regclass)) <> current_user
AND has_table_privilege(current_user, name, 'UPDATE, DELETE, TRUNCATE, TRIGGER') ORDER BY name
"""


def faults() -> list[str]:
    """What is not as it should be, in words; asked as the role that the portal itself has."""
    return [*_triggers(), *_places(), *_rights()]


def _triggers() -> list[str]:
    found = {(table, name): rest for table, name, *rest in _rows(_TRIGGERS)}
    wrong = []
    for (table, name), function in TRIGGERS.items():
        called, enabled, body = found.pop((table, name), ("", "", ""))
        if not enabled:
            wrong.append(f"the trigger {name} of {table} is gone")
        elif enabled != "A":
            wrong.append(f"the trigger {name} of {table} is switched off, or can be")
        elif called != function or BODIES[function] != _SCHEMA.sub("", " ".join(body.split())):
            wrong.append(f"the trigger {name} of {table} does something else")
    return wrong + [f"a trigger {name} was added to {table}" for table, name in sorted(found)]


def _places() -> list[str]:
    missing = UNIQUE - {(table, column) for table, column in _rows(_UNIQUE)}
    return [f"{column} of {table} need not be unique any more" for table, column in sorted(missing)]


def _rights() -> list[str]:
    return [f"the portal's role may change {table}" for (table,) in _rows(_RIGHTS)]


def _rows(statement: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(APPEND_ONLY)])
        return list(cursor.fetchall())
