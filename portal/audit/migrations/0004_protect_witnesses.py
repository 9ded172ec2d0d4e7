"""What was published and who co-signed it is append-only, as the log is; a witness's key is never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

APPEND_ONLY = ["audit_published", "audit_cosignature"]

GUARD = """
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER audit_append_only;
"""
UNGUARD = "DROP TRIGGER audit_append_only ON {table};"

# The constraint on a leaf's shape named the column that 0003 removed, and went with it.
SHAPES = """
ALTER TABLE audit_leaf ADD CONSTRAINT audit_leaf_shape
    CHECK (index >= 0 AND length(hash) = 32 AND length(mark) IN (0, 16));
ALTER TABLE audit_witness ADD CONSTRAINT audit_witness_key CHECK (length(public_key) = 32);
"""
UNSHAPES = """
ALTER TABLE audit_leaf DROP CONSTRAINT audit_leaf_shape;
ALTER TABLE audit_witness DROP CONSTRAINT audit_witness_key;
"""


def revoke(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The portal's role may add; of a witness it may change only when it ended."""
    role = settings.DATABASES["default"].get("USER")
    if not role or role == editor.connection.settings_dict["USER"]:
        return
    name = editor.quote_name(role)
    for table in [*APPEND_ONLY, "audit_witness"]:
        editor.execute(f"REVOKE ALL ON {table} FROM {name}, PUBLIC")
        editor.execute(f"GRANT SELECT, INSERT ON {table} TO {name}")
    editor.execute(f"GRANT UPDATE (ended_at) ON audit_witness TO {name}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_witnesses")]

    operations = [
        *[migrations.RunSQL(GUARD.format(table=table), UNGUARD.format(table=table)) for table in APPEND_ONLY],
        migrations.RunSQL(SHAPES, UNSHAPES),
        migrations.RunPython(revoke, migrations.RunPython.noop),
    ]
