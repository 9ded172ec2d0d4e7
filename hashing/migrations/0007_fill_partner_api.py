"""Fill what 0006 added, from what is there: where each entry stands, and the places of live keys."""

from __future__ import annotations

from django.db import migrations

FILL = """
UPDATE hashing_entry entry SET position = line.position, published_at = line.at
FROM (
  SELECT DISTINCT ON (p.entry_id) p.entry_id, p.position, p.at
  FROM hashing_publication p JOIN hashing_list l ON l.id = p.list_id AND l.epoch = p.epoch
  ORDER BY p.entry_id, p.position DESC
) line
WHERE line.entry_id = entry.id;

UPDATE hashing_partnerkey key SET slot = place.number
FROM (
  SELECT id, row_number() OVER (PARTITION BY partner_id, wire, list_id ORDER BY issued_at DESC) AS number
  FROM hashing_partnerkey WHERE revoked_at IS NULL
) place
WHERE place.id = key.id AND place.number <= 2;
"""


class Migration(migrations.Migration):
    dependencies = [("hashing", "0006_partner_api")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
