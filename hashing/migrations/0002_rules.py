"""The rules of lists that need SQL: copies that must agree, what is never changed, and the gapless feed."""

from __future__ import annotations

from django.db import migrations

RULES = """
ALTER TABLE hashing_entry ADD CONSTRAINT entry_rule_of_list
  FOREIGN KEY (list_id, rule) REFERENCES hashing_list (id, rule);
ALTER TABLE hashing_entitlement ADD CONSTRAINT entitlement_rule_of_list
  FOREIGN KEY (list_id, rule) REFERENCES hashing_list (id, rule);

CREATE FUNCTION publication_next() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE previous record;
BEGIN
  SELECT position, at INTO previous FROM hashing_publication
    WHERE list_id = NEW.list_id AND epoch = NEW.epoch ORDER BY position DESC LIMIT 1;
  IF NEW.position <> coalesce(previous.position, 0) + 1 OR NEW.at < previous.at THEN
    RAISE EXCEPTION 'publication % of list % does not follow %', NEW.position, NEW.list_id, previous.position
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER publication_next BEFORE INSERT ON hashing_publication
  FOR EACH ROW EXECUTE FUNCTION publication_next();

CREATE FUNCTION publication_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'publications are never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER publication_keep BEFORE UPDATE OR DELETE ON hashing_publication
  FOR EACH ROW EXECUTE FUNCTION publication_keep();
CREATE TRIGGER publication_keep_all BEFORE TRUNCATE ON hashing_publication
  FOR EACH STATEMENT EXECUTE FUNCTION publication_keep();

CREATE FUNCTION entry_fingerprint_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE current_state text;
BEGIN
  SELECT state INTO current_state FROM hashing_entry
    WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.entry_id ELSE OLD.entry_id END;
  IF TG_OP = 'INSERT' AND current_state = 'proposed' THEN RETURN NEW; END IF;
  IF TG_OP = 'DELETE' AND current_state IN ('withdrawn', 'rejected') THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'fingerprints of an entry that is % are never changed', current_state
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER entry_fingerprint_keep BEFORE INSERT OR UPDATE OR DELETE ON hashing_entryfingerprint
  FOR EACH ROW EXECUTE FUNCTION entry_fingerprint_keep();
"""

UNDO = """
DROP TRIGGER entry_fingerprint_keep ON hashing_entryfingerprint;
DROP FUNCTION entry_fingerprint_keep();
DROP TRIGGER publication_keep_all ON hashing_publication;
DROP TRIGGER publication_keep ON hashing_publication;
DROP FUNCTION publication_keep();
DROP TRIGGER publication_next ON hashing_publication;
DROP FUNCTION publication_next();
ALTER TABLE hashing_entitlement DROP CONSTRAINT entitlement_rule_of_list;
ALTER TABLE hashing_entry DROP CONSTRAINT entry_rule_of_list;
"""


class Migration(migrations.Migration):
    dependencies = [("hashing", "0001_initial")]

    operations = [migrations.RunSQL(RULES, UNDO)]
