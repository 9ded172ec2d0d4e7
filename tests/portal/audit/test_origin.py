"""Each log has a name of its own, which no migration takes from it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction
from pytest_django import Settings

from portal.audit import keys, memory, sealer
from portal.audit.models import Checkpoint, Log
from tests.portal.audit.log import verify, write


@pytest.fixture
def afresh(committed_db: None) -> Iterator[None]:
    """The name as a process that starts now reads it."""
    keys._stored.cache_clear()
    yield
    keys._stored.cache_clear()


def test_a_log_chooses_its_name_at_random_and_keeps_it(afresh: None, settings: Settings) -> None:
    chosen = keys.origin()
    assert re.fullmatch(r"portal/audit/[0-9a-f]{16}", chosen)
    for alias in ("default", "owner"):
        with pytest.raises(DatabaseError), transaction.atomic(using=alias):
            Log.objects.using(alias).update(origin="portal/other")
    call_command("migrate", "audit", "0005", verbosity=0)
    call_command("migrate", "audit", verbosity=0)
    keys._stored.cache_clear()
    assert keys.origin() != chosen
    settings.AUDIT_ORIGIN = "agency.example/log"
    assert keys.signer().verifier.name == "agency.example/log"


def test_a_log_from_before_keeps_the_name_that_it_was_signed_under(afresh: None, settings: Settings) -> None:
    settings.AUDIT_ORIGIN = "portal/audit"  # what every log was called
    write(3)
    sealer.seal_waiting()
    call_command("migrate", "audit", "0005", verbosity=0)
    call_command("migrate", "audit", verbosity=0)
    settings.AUDIT_ORIGIN = ""
    keys._stored.cache_clear()
    assert keys.origin() == "portal/audit"
    assert (verify().entries, Checkpoint.objects.count()) == (3, 1)
    kept = memory.recall()
    assert kept
    assert kept.head.size == 3
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('portal_app', 'audit_log', 'INSERT, UPDATE, DELETE')")
        assert cursor.fetchone() == (False,)
