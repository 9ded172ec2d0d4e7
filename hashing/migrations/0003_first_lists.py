"""The two lists that every installation starts with."""

from __future__ import annotations

import uuid

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LISTS = (("reviewed", "Reviewed", "reviewed"), ("self-reported", "Self-reported", "self_reported"))


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    manager = apps.get_model("hashing", "List").objects.using(schema_editor.connection.alias)
    for slug, name, rule in LISTS:
        manager.create(id=uuid.uuid4(), slug=slug, name=name, rule=rule, distances={"pdq": 31})


class Migration(migrations.Migration):
    dependencies = [("hashing", "0002_rules")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
