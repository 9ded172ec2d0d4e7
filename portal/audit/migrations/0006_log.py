"""The log gets a name of its own, so that no two installations' checkpoints can stand for each other.

A log that has checkpoints keeps the name that they were signed under.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FORMER = "portal/audit"

GUARD = """
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_append_only;
"""
UNGUARD = "DROP TRIGGER audit_append_only ON audit_log;"


def name(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    alias = editor.connection.alias
    is_old = apps.get_model("audit", "Checkpoint").objects.using(alias).exists()
    origin = FORMER if is_old else f"{FORMER}/{secrets.token_hex(8)}"
    apps.get_model("audit", "Log").objects.using(alias).create(id=1, origin=origin)


def revoke(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The portal's role may read it. Nothing to do where it owns the tables itself."""
    role = settings.DATABASES["default"].get("USER")
    if not role or role == editor.connection.settings_dict["USER"]:
        return
    quoted = editor.quote_name(role)
    editor.execute(f"REVOKE ALL ON audit_log FROM {quoted}, PUBLIC")
    editor.execute(f"GRANT SELECT ON audit_log TO {quoted}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_write_and_search_faster")]

    operations = [
        migrations.CreateModel(
            name="Log",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("origin", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(id=1), name="audit_log_only_one")]
            },
        ),
        migrations.RunPython(name, migrations.RunPython.noop),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunPython(revoke, migrations.RunPython.noop),
    ]
