"""A guard that a superuser took away is missed, whether or not anything was changed behind it."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.audit import guards

# It says all that it said before.
REFUSE = """
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'somebody' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'the audit log is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
LEAVES = "ALTER TABLE audit_leaf"
# What somebody does, and what is said of it.
CHANGES = {
    "DROP TRIGGER audit_append_only ON audit_entry": "the trigger audit_append_only of audit_entry is gone",
    "DROP TRIGGER audit_enqueue ON audit_entry": "the trigger audit_enqueue of audit_entry is gone",
    f"{LEAVES} DISABLE TRIGGER audit_append_only": (
        "the trigger audit_append_only of audit_leaf is switched off, or can be"
    ),
    "ALTER TABLE audit_tile ENABLE TRIGGER audit_append_only": (
        "the trigger audit_append_only of audit_tile is switched off, or can be"
    ),
    REFUSE: "the trigger audit_append_only of audit_log does something else",
    "CREATE TRIGGER quiet BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse()": (
        "a trigger quiet was added to audit_entry"
    ),
    f"{LEAVES} DROP CONSTRAINT audit_leaf_entry_id_key": (
        "entry_id of audit_leaf need not be unique any more"
    ),
    f"{LEAVES} DROP CONSTRAINT audit_leaf_pkey": "index of audit_leaf need not be unique any more",
    "GRANT UPDATE ON audit_entry TO portal_app": "the portal's role may change audit_entry",
    "GRANT TRUNCATE ON audit_published TO PUBLIC": "the portal's role may change audit_published",
}


def test_every_guard_is_missed(
    owner_connection: BaseDatabaseWrapper, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guards.faults() == []
    call_command("audit", "verify")
    assert capsys.readouterr().out.startswith("holds: 0 entries")
    with owner_connection.cursor() as cursor:
        for sql, what in CHANGES.items():
            cursor.execute("SET client_min_messages = warning")
            cursor.execute(sql)
            assert what in guards.faults(), sql
    with pytest.raises(SystemExit) as stopped:
        call_command("audit", "verify")
    assert stopped.value.code == 1
    assert "broken: the portal's role may change audit_entry\n" in capsys.readouterr().out
