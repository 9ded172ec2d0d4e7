"""Regional codes outlive their picture only where the person consented to that, and the index learns of a change
of mind."""

from __future__ import annotations

from django.db import migrations

KEEP = """
CREATE OR REPLACE FUNCTION regional_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    -- The ciphertext alone may be written anew, when a field key rotates.
    IF (OLD.id, OLD.picture_id, OLD.version, OLD.box, OLD.count, OLD.strength, OLD."left", OLD.top, OLD."right",
        OLD.bottom, OLD.source, OLD.made_at)
      IS DISTINCT FROM
       (NEW.id, NEW.picture_id, NEW.version, NEW.box, NEW.count, NEW.strength, NEW."left", NEW.top, NEW."right",
        NEW.bottom, NEW.source, NEW.made_at) THEN
      RAISE EXCEPTION 'regional fingerprints are never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT FROM hashing_entry WHERE picture_id = OLD.picture_id
             AND state IN ('approved', 'listed', 'quarantined') AND {only}) THEN
    RAISE EXCEPTION 'a list needs this regional fingerprint' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $$;

CREATE OR REPLACE FUNCTION change_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hashing_change (picture_id)
    SELECT DISTINCT after.picture_id FROM after JOIN before USING (id) WHERE after.state <> before.state {or};
  RETURN NULL;
END $$;
"""


def _rules(only: str, also: str) -> str:
    return KEEP.replace("{only}", only).replace("{or}", also)


class Migration(migrations.Migration):
    dependencies = [("hashing", "0020_enrolment")]

    operations = [
        migrations.RunSQL(
            _rules("regional", "OR after.regional <> before.regional"),
            _rules("true", ""),
        )
    ]
