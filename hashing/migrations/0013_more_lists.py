"""The restricted list and the sandbox, which every installation has too."""

from __future__ import annotations

import uuid

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LISTS = (("restricted", "Restricted", "restricted"), ("sandbox", "Sandbox", "sandbox"))


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    manager = apps.get_model("hashing", "List").objects.using(schema_editor.connection.alias)
    for slug, name, rule in LISTS:
        values = {"id": uuid.uuid4(), "name": name, "rule": rule, "distances": {"pdq": 31}}
        manager.get_or_create(slug=slug, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("hashing", "0012_agreement_rules")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
