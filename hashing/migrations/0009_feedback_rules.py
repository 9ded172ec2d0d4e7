"""Reports are never changed but for their marks; nothing leaves quarantine for a list without two people."""

from __future__ import annotations

from django.db import migrations

RULES = """
CREATE FUNCTION feedback_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
    AND (to_jsonb(NEW) - 'current' - 'standing') = (to_jsonb(OLD) - 'current' - 'standing')
    AND NEW.current <= OLD.current AND NEW.standing <= OLD.standing
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'reports of partners are never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER feedback_keep BEFORE UPDATE OR DELETE ON hashing_feedback
  FOR EACH ROW EXECUTE FUNCTION feedback_keep();

CREATE FUNCTION entry_release() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last_outcome text;
BEGIN
  SELECT outcome INTO last_outcome FROM hashing_quarantine
    WHERE entry_id = NEW.id ORDER BY opened_at DESC, closed_at DESC NULLS FIRST LIMIT 1;
  IF coalesce(last_outcome, '') <> 'restored' THEN
    RAISE EXCEPTION 'two people decide what leaves quarantine' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entry_release BEFORE UPDATE OF state ON hashing_entry FOR EACH ROW
  WHEN (OLD.state = 'quarantined' AND NEW.state = 'listed') EXECUTE FUNCTION entry_release();
"""

UNDO = """
DROP TRIGGER entry_release ON hashing_entry;
DROP FUNCTION entry_release();
DROP TRIGGER feedback_keep ON hashing_feedback;
DROP FUNCTION feedback_keep();
"""


class Migration(migrations.Migration):
    dependencies = [("hashing", "0008_feedback_and_submissions")]

    operations = [migrations.RunSQL(RULES, UNDO)]
