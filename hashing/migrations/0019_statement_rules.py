"""Statements are never changed or deleted."""

from __future__ import annotations

from django.db import migrations

RULES = """
CREATE FUNCTION statement_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'statements are never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER statement_keep BEFORE UPDATE OR DELETE ON hashing_statement
  FOR EACH ROW EXECUTE FUNCTION statement_keep();
"""
UNDO = """
DROP TRIGGER statement_keep ON hashing_statement;
DROP FUNCTION statement_keep();
"""


class Migration(migrations.Migration):
    dependencies = [("hashing", "0018_statements")]

    operations = [migrations.RunSQL(RULES, UNDO)]
