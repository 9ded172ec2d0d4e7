"""What the log's tables refuse, and the queue that the sealer works off.

Refused for every role, the owner included (who would have to disable a trigger first, and be found by
`audit verify`): UPDATE, DELETE and TRUNCATE. The portal's own role may INSERT and SELECT; the queue it may only
read: triggers with the owner's rights fill it with each entry and clear it with each leaf.
"""

from __future__ import annotations

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

LOG = ["audit_entry", "audit_leaf", "audit_tile", "audit_checkpoint"]

REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
UNREFUSE = "DROP FUNCTION audit_refuse() CASCADE;"

# ENABLE ALWAYS: session_replication_role doesn't switch it off.
GUARD = """
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER audit_append_only;
"""

QUEUE = """
CREATE FUNCTION audit_enqueue() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO {schema}.audit_unsealed (entry_id, queued_at) SELECT id, clock_timestamp() FROM fresh;
    RETURN NULL;
END $$;
CREATE FUNCTION audit_dequeue() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM {schema}.audit_unsealed AS waiting USING fresh WHERE waiting.entry_id = fresh.entry_id;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_enqueue AFTER INSERT ON audit_entry REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit_enqueue();
CREATE TRIGGER audit_dequeue AFTER INSERT ON audit_leaf REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit_dequeue();
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_enqueue;
ALTER TABLE audit_leaf ENABLE ALWAYS TRIGGER audit_dequeue;
-- The queue stays short, but every entry passes through it.
ALTER TABLE audit_unsealed SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
"""
UNQUEUE = "DROP FUNCTION audit_enqueue() CASCADE; DROP FUNCTION audit_dequeue() CASCADE;"

SHAPES = """
ALTER TABLE audit_entry ADD CONSTRAINT audit_entry_nonce CHECK (length(nonce) = 16);
ALTER TABLE audit_leaf ADD CONSTRAINT audit_leaf_shape
    CHECK (index >= 0 AND length(hash) = 32 AND length(root) = 32);
"""
UNSHAPES = """
ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_nonce;
ALTER TABLE audit_leaf DROP CONSTRAINT audit_leaf_shape;
"""


def queue(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The functions name the schema themselves: a temporary table of the caller's can't stand in."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = editor.quote_name(cursor.fetchone()[0])
    editor.execute(QUEUE.format(schema=schema))


def unqueue(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(UNQUEUE)


def revoke(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The portal's role keeps INSERT and SELECT. Nothing to do where it owns the tables itself."""
    role = settings.DATABASES["default"].get("USER")
    if not role or role == editor.connection.settings_dict["USER"]:
        return
    name = editor.quote_name(role)
    for table in LOG:
        editor.execute(f"REVOKE ALL ON {table} FROM {name}, PUBLIC")
        editor.execute(f"GRANT SELECT, INSERT ON {table} TO {name}")
    editor.execute(f"REVOKE ALL ON audit_unsealed FROM {name}, PUBLIC")
    editor.execute(f"GRANT SELECT ON audit_unsealed TO {name}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, UNREFUSE),
        *[migrations.RunSQL(GUARD.format(table=table), migrations.RunSQL.noop) for table in LOG],
        migrations.RunPython(queue, unqueue),
        migrations.RunSQL(SHAPES, UNSHAPES),
        migrations.RunPython(revoke, migrations.RunPython.noop),
    ]
