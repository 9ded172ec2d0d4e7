"""What of a regional fingerprint never changes, and the log of changes that an index follows."""

from __future__ import annotations

from django.db import migrations

RULES = """
CREATE SEQUENCE hashing_change_settled;

CREATE FUNCTION regional_keep() RETURNS trigger LANGUAGE plpgsql AS $$
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
             AND state IN ('approved', 'listed', 'quarantined')) THEN
    RAISE EXCEPTION 'a list needs this regional fingerprint' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER regional_keep BEFORE UPDATE OR DELETE ON hashing_regionalfingerprint
  FOR EACH ROW EXECUTE FUNCTION regional_keep();

CREATE FUNCTION change_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hashing_change (picture_id) SELECT DISTINCT picture_id FROM changed;
  RETURN NULL;
END $$;
CREATE TRIGGER change_regional_added AFTER INSERT ON hashing_regionalfingerprint
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION change_added();
CREATE TRIGGER change_regional_gone AFTER DELETE ON hashing_regionalfingerprint
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION change_added();
CREATE TRIGGER change_fingerprint_added AFTER INSERT ON hashing_fingerprint
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION change_added();
CREATE TRIGGER change_fingerprint_gone AFTER DELETE ON hashing_fingerprint
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION change_added();

CREATE FUNCTION change_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hashing_change (picture_id)
    SELECT DISTINCT after.picture_id FROM after JOIN before USING (id) WHERE after.state <> before.state;
  RETURN NULL;
END $$;
CREATE TRIGGER change_entry AFTER UPDATE ON hashing_entry
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION change_entry();

CREATE FUNCTION change_picture() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hashing_change (picture_id)
    SELECT after.id FROM after JOIN before USING (id)
    WHERE after.locked_at IS DISTINCT FROM before.locked_at OR after.state <> before.state;
  RETURN NULL;
END $$;
CREATE TRIGGER change_picture AFTER UPDATE ON vault_picture
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION change_picture();

INSERT INTO hashing_change (picture_id) SELECT DISTINCT picture_id FROM hashing_fingerprint;
"""

UNDO = """
DROP TRIGGER change_picture ON vault_picture;
DROP FUNCTION change_picture();
DROP TRIGGER change_entry ON hashing_entry;
DROP FUNCTION change_entry();
DROP TRIGGER change_fingerprint_gone ON hashing_fingerprint;
DROP TRIGGER change_fingerprint_added ON hashing_fingerprint;
DROP TRIGGER change_regional_gone ON hashing_regionalfingerprint;
DROP TRIGGER change_regional_added ON hashing_regionalfingerprint;
DROP FUNCTION change_added();
DROP TRIGGER regional_keep ON hashing_regionalfingerprint;
DROP FUNCTION regional_keep();
DROP SEQUENCE hashing_change_settled;
"""


class Migration(migrations.Migration):
    dependencies = [("hashing", "0004_regional_fingerprints"), ("vault", "0001_initial")]

    operations = [migrations.RunSQL(RULES, UNDO)]
