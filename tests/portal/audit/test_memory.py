"""The sealer signs only what goes on from what this machine signed last, and the log is held to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import Settings

from portal.audit import Verb, canonical, keys, memory, sealer
from portal.audit.heads import Head
from portal.audit.models import Checkpoint, Entry
from portal.core import clock
from tests.portal.audit.log import verify, write
from tests.portal.audit.test_tampering import put_back
from tests.portal.audit.test_verification import Tamper, entries, tamper

__all__ = ["entries", "tamper"]


def _cut(tamper: Tamper) -> None:
    """As if there had never been more than eight entries under a checkpoint."""
    tamper("DELETE FROM audit_leaf WHERE index >= 8")
    tamper("DELETE FROM audit_checkpoint WHERE size > 8")


def test_the_sealer_signs_no_second_history(
    entries: list[Entry],
    tamper: Tamper,
    owner_connection: BaseDatabaseWrapper,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """SQL alone: the last entries are changed, bytes and all, and put back into the queue."""
    _cut(tamper)
    entries[9].verb = "case.read"
    entries[9].leaf = canonical.encode(entries[9])
    change = "UPDATE audit_entry SET verb = 'case.read', leaf = %s WHERE id = %s"
    tamper(change, entries[9].leaf, entries[9].id)
    for entry in entries[8:]:
        tamper("INSERT INTO audit_unsealed (entry_id, queued_at) VALUES (%s, now())", entry.id)
    put_back(owner_connection)
    with pytest.raises(sealer.Inconsistent, match="what this machine signed last"):
        sealer.seal_waiting()
    assert Checkpoint.objects.count() == 2
    with pytest.raises(SystemExit):
        call_command("audit", "verify")
    said = "broken: entry at 8: removed: the checkpoint remembered on this machine has 10 entries\n"
    assert capsys.readouterr().out == said


def test_a_restored_backup_goes_on_once_somebody_says_so(
    entries: list[Entry], tamper: Tamper, owner_connection: BaseDatabaseWrapper
) -> None:
    _cut(tamper)
    tamper("DELETE FROM audit_entry WHERE id = ANY(%s)", [entries[8].id, entries[9].id])
    put_back(owner_connection)
    write()
    with pytest.raises(sealer.Inconsistent):
        sealer.seal_waiting()
    call_command("audit", "restored")
    assert Entry.objects.get(verb=Verb.AUDIT_RESTORED).payload == {"size": 8, "before": 10}
    assert sealer.seal_waiting() == 2
    assert verify().entries == 10
    call_command("audit", "verify")


def test_what_is_remembered_is_what_was_committed(entries: list[Entry], settings: Settings) -> None:
    (file,) = Path(settings.SEALED_DIR).iterdir()
    assert file.read_text() == Checkpoint.objects.get(size=10).note
    write()
    with transaction.atomic():
        sealer.seal_waiting()
        transaction.set_rollback(True)
    assert file.read_text() == Checkpoint.objects.get(size=10).note
    memory.keep(Checkpoint.objects.get(size=4).note)  # another machine sealed the rest
    assert sealer.seal_waiting() == 1
    assert file.read_text() == Checkpoint.objects.get(size=11).note


def test_another_history_and_no_checkpoint_stop_the_sealer(entries: list[Entry], settings: Settings) -> None:
    write()
    (file,) = Path(settings.SEALED_DIR).iterdir()
    memory.keep(keys.signer().sign(Head(keys.origin(), 4, bytes(32)).text(), clock.now()))
    with pytest.raises(sealer.Inconsistent):
        sealer.seal_waiting()
    file.write_text("")
    with pytest.raises(sealer.Inconsistent):
        sealer.seal_waiting()
    with pytest.raises(CommandError) as refused:
        call_command("audit", "verify")
    assert refused.value.returncode == 2
    memory.forget()
    assert sealer.seal_waiting() == 1
