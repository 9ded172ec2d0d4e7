"""The database refuses to change the log: by rights for the portal's role, by trigger for the owner."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseError, ProgrammingError

from portal.audit import sealer
from portal.audit.models import Entry, Leaf, Unsealed
from tests.portal.audit.log import verify, write

CHANGES = [
    ("audit_entry", "UPDATE audit_entry SET verb = 'case.read'"),
    ("audit_entry", "DELETE FROM audit_entry"),
    ("audit_entry", "TRUNCATE audit_entry CASCADE"),
    ("audit_leaf", "UPDATE audit_leaf SET index = index + 10"),
    ("audit_leaf", "DELETE FROM audit_leaf"),
    ("audit_leaf", "TRUNCATE audit_leaf"),
    ("audit_tile", "UPDATE audit_tile SET level = 2"),
    ("audit_tile", "DELETE FROM audit_tile"),
    ("audit_tile", "TRUNCATE audit_tile"),
    ("audit_checkpoint", "UPDATE audit_checkpoint SET size = 9"),
    ("audit_checkpoint", "DELETE FROM audit_checkpoint"),
    ("audit_checkpoint", "TRUNCATE audit_checkpoint CASCADE"),
    ("audit_published", "UPDATE audit_published SET at = now()"),
    ("audit_published", "DELETE FROM audit_published"),
    ("audit_published", "TRUNCATE audit_published CASCADE"),
    ("audit_cosignature", "UPDATE audit_cosignature SET line = ''"),
    ("audit_cosignature", "DELETE FROM audit_cosignature"),
    ("audit_cosignature", "TRUNCATE audit_cosignature"),
]


@pytest.mark.parametrize(("table", "sql"), CHANGES)
def test_the_portals_role_may_not_change_the_log(db: None, table: str, sql: str) -> None:
    write(2)
    sealer.seal_waiting()
    with pytest.raises(ProgrammingError, match=f"permission denied for table {table}"), transaction.atomic():
        _run(connection, sql)
    assert verify().entries == 2


def test_a_trigger_refuses_the_owner_too(owner_connection: BaseDatabaseWrapper) -> None:
    """Also with no row to change."""
    for _table, sql in CHANGES:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(using="owner"):
            _run(owner_connection, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM audit_unsealed",
        "UPDATE audit_unsealed SET queued_at = now()",
        "TRUNCATE audit_unsealed",
        "INSERT INTO audit_unsealed (entry_id, queued_at) SELECT id, now() FROM audit_entry",
    ],
)
def test_the_portals_role_may_only_read_the_queue(db: None, sql: str) -> None:
    write()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        _run(connection, sql)
    assert Unsealed.objects.count() == 1


def test_the_models_refuse_as_well(db: None) -> None:
    entry = write()[0]
    sealer.seal_waiting()
    entry.verb = "case.read"
    with pytest.raises(ProgrammingError), transaction.atomic():
        entry.save()
    with pytest.raises(ProgrammingError), transaction.atomic():
        Leaf.objects.all().delete()
    assert Entry.objects.get().verb == "case.opened"


def _run(on: BaseDatabaseWrapper, sql: str) -> None:
    with on.cursor() as cursor:
        cursor.execute(sql)
