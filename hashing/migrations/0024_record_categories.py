"""The StopNCII wire's records name the categories of their active entries."""

from __future__ import annotations

import builtins

from django.db import migrations, models

FILL = """
UPDATE hashing_wirerecord record SET categories = (
  SELECT coalesce(jsonb_agg(DISTINCT entry.category ORDER BY entry.category), '[]')
  FROM jsonb_each_text(record.cases) each JOIN hashing_entry entry ON entry.id = each.key::uuid
  WHERE each.value = 'Active')
"""


class Migration(migrations.Migration):
    dependencies = [("hashing", "0023_device_fingerprints")]

    operations = [
        migrations.AddField("wirerecord", "categories", models.JSONField(default=builtins.list)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
