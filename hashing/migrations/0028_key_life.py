"""How long a key was given, apart from its end, which a rotation brings forward."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    keys = apps.get_model("hashing", "PartnerKey").objects.using(editor.connection.alias)
    keys.filter(expires_at__isnull=False).update(life=F("expires_at") - F("issued_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("hashing", "0027_matches_by_partner"),
    ]

    operations = [
        migrations.AddField(model_name="partnerkey", name="life", field=models.DurationField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
