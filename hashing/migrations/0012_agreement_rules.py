"""Agreements are never changed but for their end, and an entitlement rests on its own partner's, in force."""

from __future__ import annotations

from django.db import migrations

RULES = """
ALTER TABLE hashing_entitlement ADD CONSTRAINT entitlement_own_agreement
  FOREIGN KEY (agreement_id, partner_id) REFERENCES hashing_agreement (id, partner_id);

CREATE FUNCTION agreement_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL
    AND (to_jsonb(NEW) - 'ended_at') = (to_jsonb(OLD) - 'ended_at')
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'agreements are never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER agreement_keep BEFORE UPDATE OR DELETE ON hashing_agreement
  FOR EACH ROW EXECUTE FUNCTION agreement_keep();

CREATE FUNCTION entitlement_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM hashing_entitlement e JOIN hashing_agreement a ON a.id = e.agreement_id
    WHERE e.partner_id = NEW.partner_id AND a.ended_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'an entitlement rests on an agreement in force'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entitlement_in_force AFTER INSERT OR UPDATE ON hashing_entitlement
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entitlement_in_force();
CREATE CONSTRAINT TRIGGER agreement_entitles AFTER UPDATE ON hashing_agreement
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entitlement_in_force();
"""

UNDO = """
DROP TRIGGER agreement_entitles ON hashing_agreement;
DROP TRIGGER entitlement_in_force ON hashing_entitlement;
DROP FUNCTION entitlement_in_force();
DROP TRIGGER agreement_keep ON hashing_agreement;
DROP FUNCTION agreement_keep();
ALTER TABLE hashing_entitlement DROP CONSTRAINT entitlement_own_agreement;
"""


class Migration(migrations.Migration):
    dependencies = [("hashing", "0011_agreements")]

    operations = [migrations.RunSQL(RULES, UNDO)]
