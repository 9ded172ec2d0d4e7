"""`audit verify` names what was changed by someone who owns the tables and switched the triggers off."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.audit import canonical, keys, reading, sealer, verification
from portal.audit.findings import Broken
from portal.audit.heads import Head, Kept
from portal.audit.merkle import leaf_hash
from portal.audit.models import Checkpoint, Entry, Leaf
from portal.bench.audit import filling
from tests.portal.audit.log import PATIENCE, verify, write

Tamper = Callable[..., None]


@pytest.fixture
def entries(committed_db: None) -> list[Entry]:
    """Ten sealed entries under three checkpoints: of 4, 8 and 10."""
    written = write(10)
    sealer.seal_waiting(batch=4)
    return written


@pytest.fixture
def tamper(owner_connection: BaseDatabaseWrapper) -> Tamper:
    """Runs SQL as the owner, with the tables' triggers and links out of the way."""

    def run(sql: str, *values: Any) -> None:
        with transaction.atomic(using="owner"), owner_connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("entry", "leaf", "tile", "checkpoint"):
                cursor.execute(f"ALTER TABLE audit_{table} DISABLE TRIGGER USER")
            cursor.execute(sql, values)

    return run


def broken() -> Broken:
    with pytest.raises(Broken) as raised:
        verify()
    return raised.value


def test_an_untouched_log_holds(entries: list[Entry]) -> None:
    write(2)
    assert verify() == verification.Held(entries=10, checkpoints=3, waiting=2)


def test_an_empty_log_holds(committed_db: None) -> None:
    assert verify() == verification.Held(entries=0, checkpoints=0, waiting=0)


def test_an_altered_column_is_named(entries: list[Entry], tamper: Tamper) -> None:
    statement = "UPDATE audit_entry SET {} = %s WHERE id = %s"
    for column, value in {
        "verb": "case.read",
        "actor_kind": "staff",
        "actor_id": "somebody",
        "role": "auditor",
        "subject_type": "picture",
        "subject_id": "other",
        "payload": '{"pictures": 99}',
        "action_id": str(uuid.uuid4()),
        "nonce": bytes(16),
    }.items():
        tamper(statement.format(column), value, entries[5].id)
        found = broken()
        assert (found.index, found.entry, found.what) == (5, entries[5].id, f"altered: {column}")
        before = getattr(entries[5], column)
        tamper(statement.format(column), json.dumps(before) if column == "payload" else before, entries[5].id)
    assert verify().entries == 10


def test_the_first_of_two_is_named(entries: list[Entry], tamper: Tamper) -> None:
    tamper("UPDATE audit_entry SET verb = 'x' WHERE id = ANY(%s)", [entries[7].id, entries[3].id])
    assert broken().entry == entries[3].id


def test_a_moved_time_is_named(entries: list[Entry], tamper: Tamper) -> None:
    tamper("UPDATE audit_entry SET at = at - interval '1 microsecond' WHERE id = %s", entries[2].id)
    assert broken().what == "altered: at"


def test_altered_leaf_bytes_are_named(entries: list[Entry], tamper: Tamper) -> None:
    tamper("UPDATE audit_entry SET leaf = leaf || ' '::bytea WHERE id = %s", entries[6].id)
    assert (broken().index, broken().entry) == (6, entries[6].id)


def test_an_entry_altered_with_its_bytes_is_named(entries: list[Entry], tamper: Tamper) -> None:
    entry = entries[6]
    entry.verb = "case.read"
    entry.leaf = canonical.encode(entry)
    tamper("UPDATE audit_entry SET verb = %s, leaf = %s WHERE id = %s", entry.verb, entry.leaf, entry.id)
    found = broken()
    assert (found.index, found.entry) == (6, entry.id)
    assert found.what == "its sealed bytes were altered, or it was moved"


def test_an_entry_altered_with_its_bytes_and_hash_is_named(entries: list[Entry], tamper: Tamper) -> None:
    entry = entries[6]
    entry.verb = "case.read"
    entry.leaf = canonical.encode(entry)
    tamper("UPDATE audit_entry SET verb = %s, leaf = %s WHERE id = %s", entry.verb, entry.leaf, entry.id)
    tamper("UPDATE audit_leaf SET hash = %s WHERE index = 6", leaf_hash(bytes(entry.leaf)))
    found = broken()
    assert (found.index, found.entry) == (6, entry.id)
    assert found.what == "it isn't the entry that was sealed at this place"


def test_a_forgery_without_marks_is_caught_by_the_checkpoint(entries: list[Entry], tamper: Tamper) -> None:
    """Bytes and hash redone, and every mark wiped: only the signature can't be; it tells which entries."""
    entry = entries[7]
    entry.verb = "case.read"
    entry.leaf = canonical.encode(entry)
    tamper("UPDATE audit_entry SET verb = %s, leaf = %s WHERE id = %s", entry.verb, entry.leaf, entry.id)
    tamper("UPDATE audit_leaf SET hash = %s WHERE index = 7", leaf_hash(bytes(entry.leaf)))
    tamper("UPDATE audit_leaf SET mark = ''")
    found = broken()
    assert found.index == 4
    assert found.what == "altered, removed or moved since their checkpoint was signed (entries 4 to 7)"


def test_a_removed_entry_is_named(entries: list[Entry], tamper: Tamper) -> None:
    tamper("DELETE FROM audit_leaf WHERE index = 4")
    tamper("DELETE FROM audit_entry WHERE id = %s", entries[4].id)
    assert str(broken()) == "entry at 4: the entry sealed at this place was removed"


def test_an_entry_removed_from_under_its_leaf_is_named(entries: list[Entry], tamper: Tamper) -> None:
    tamper(
        """DO $$ DECLARE link text; BEGIN
        FOR link IN SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname)
            FROM pg_constraint WHERE contype = 'f' AND confrelid = 'audit_entry'::regclass
        LOOP EXECUTE link; END LOOP; END $$"""
    )
    tamper("DELETE FROM audit_entry WHERE id = %s", entries[4].id)
    assert (broken().index, broken().entry) == (4, entries[4].id)


def test_entries_removed_from_the_end_are_missed(entries: list[Entry], tamper: Tamper) -> None:
    tamper("DELETE FROM audit_leaf WHERE index >= 8")
    tamper("DELETE FROM audit_entry WHERE id = ANY(%s)", [entries[8].id, entries[9].id])
    assert str(broken()) == "entry at 8: removed: a checkpoint of 10 entries was signed"


def test_reordered_entries_are_named(entries: list[Entry], tamper: Tamper) -> None:
    tamper("UPDATE audit_leaf SET index = CASE index WHEN 5 THEN 99 ELSE index END")
    tamper("UPDATE audit_leaf SET index = 5 WHERE index = 6")
    tamper("UPDATE audit_leaf SET index = 6 WHERE index = 99")
    assert (broken().index, broken().entry) == (5, entries[6].id)


def test_an_inserted_back_dated_entry_is_named(entries: list[Entry], tamper: Tamper) -> None:
    """Well formed, sealed in order, but it says that it happened long before the checkpoint it follows."""
    entry = write()[0]
    entry.at -= timedelta(days=2)
    entry.leaf = canonical.encode(entry)
    tamper("UPDATE audit_entry SET at = %s, leaf = %s WHERE id = %s", entry.at, entry.leaf, entry.id)
    sealer.seal_waiting()
    assert (broken().index, broken().entry) == (10, entry.id)
    assert broken().what.startswith("it is back-dated")


def test_a_changed_checkpoint_is_named(entries: list[Entry], tamper: Tamper) -> None:
    columns = "the columns of their checkpoint don't say what it signed"
    kept = Checkpoint.objects.get(size=8)
    for change, what in [
        ("root = decode(repeat('00', 32), 'hex')", columns),
        ("at = at + interval '1 second'", columns),
        ("note = replace(note, 'portal/audit', 'portal/other')", "their checkpoint can't be trusted"),
        ("note = (SELECT note FROM audit_checkpoint WHERE size = 4)", "altered, removed or moved"),
        ("note = 'nothing'", "their checkpoint can't be trusted"),
    ]:
        statement = "UPDATE audit_checkpoint SET {} WHERE size = 8"
        tamper(statement.format(change))
        found = broken()
        assert found.index == 4
        assert found.what.startswith(what)
        assert found.what.endswith("(entries 4 to 7)")
        tamper(statement.format("root = %s, at = %s, note = %s"), bytes(kept.root), kept.at, kept.note)
    assert verify().entries == 10


def test_a_checkpoint_older_than_the_one_before_is_named(entries: list[Entry], tamper: Tamper) -> None:
    """Signed with the right key, all columns to match."""
    before, row = Checkpoint.objects.get(size=4), Checkpoint.objects.get(size=8)
    at = before.at - timedelta(seconds=30)
    note = keys.signer().sign(Head(keys.origin(), 8, bytes(row.root)).text(), at)
    tamper("UPDATE audit_checkpoint SET at = %s, note = %s WHERE size = 8", at, note)
    found = broken()
    assert (found.index, found.what) == (4, "their checkpoint is older than the one before (entries 4 to 7)")


def test_a_removed_last_checkpoint_is_missed(entries: list[Entry], tamper: Tamper) -> None:
    tamper("DELETE FROM audit_checkpoint WHERE size = 10")
    assert (broken().index, broken().what) == (8, "no checkpoint covers it")


def test_a_changed_tile_is_found(committed_db: None, tamper: Tamper) -> None:
    write(256)
    sealer.seal_waiting()
    tamper("UPDATE audit_tile SET hash = decode(repeat('00', 32), 'hex')")
    assert (broken().index, broken().what) == (255, "the stored tree above it is another")


@pytest.mark.soak
def test_a_changed_tile_far_up_is_found(committed_db: None, tamper: Tamper) -> None:
    """The first of the second level stands for 65,536 entries."""
    filling.fill(256 * 256 + 1)
    assert verify().entries == 256 * 256 + 1
    tamper("UPDATE audit_tile SET hash = decode(repeat('00', 32), 'hex') WHERE level = 2")
    assert (broken().index, broken().what) == (256 * 256 - 1, "the stored tree above it is another")


def test_an_entry_that_the_sealer_never_got_is_named(entries: list[Entry], tamper: Tamper) -> None:
    entry = write()[0]
    tamper("DELETE FROM audit_unsealed")
    sealer.seal_waiting()
    assert verify().waiting == 1
    with pytest.raises(Broken, match=f"entry {entry.id}: not sealed although"):
        verification.verify(patience=timedelta(seconds=-1))


def test_only_a_checkpoint_kept_elsewhere_shows_a_log_cut_back(entries: list[Entry], tamper: Tamper) -> None:
    kept = Head.parse(Checkpoint.objects.get(size=10).note)
    tamper("DELETE FROM audit_leaf WHERE index >= 8")
    tamper("DELETE FROM audit_entry WHERE id = ANY(%s)", [entries[8].id, entries[9].id])
    tamper("DELETE FROM audit_checkpoint WHERE size = 10")
    assert verify().entries == 8
    with pytest.raises(Broken, match="the checkpoint kept elsewhere has 10 entries"):
        verification.verify(patience=PATIENCE, kept=[Kept(kept)])


def test_a_checkpoint_kept_elsewhere_holds_for_a_log_that_grew(entries: list[Entry]) -> None:
    kept = Head.parse(Checkpoint.objects.get(size=4).note)
    assert verification.verify(patience=PATIENCE, kept=[Kept(kept)]).entries == 10
    other = Head(kept.origin, 4, bytes(32))
    with pytest.raises(Broken, match="not the one that the checkpoint kept elsewhere signed"):
        verification.verify(patience=PATIENCE, kept=[Kept(other)])


def test_the_command_says_holds(entries: list[Entry], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("audit", "verify")
    assert capsys.readouterr().out.startswith("holds: 10 entries under 3 checkpoints, 0 waiting")


def test_the_command_names_the_first_broken_entry(
    entries: list[Entry], tamper: Tamper, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper("UPDATE audit_entry SET verb = 'x' WHERE id = %s", entries[3].id)
    with pytest.raises(SystemExit) as stopped:
        call_command("audit", "verify")
    assert stopped.value.code == 1
    assert capsys.readouterr().out == f"broken: entry {entries[3].id} at 3: altered: verb\n"


def test_the_command_checks_against_a_file(
    entries: list[Entry], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    call_command("audit", "checkpoint")
    kept.write_text(capsys.readouterr().out)
    write()
    sealer.seal_waiting()
    call_command("audit", "verify", "--against", str(kept))
    assert capsys.readouterr().out.startswith("holds: 11 entries")
    signer = keys.signer()
    kept.write_text(signer.sign(Head(signer.name, 10, bytes(32)).text(), entries[0].at))
    with pytest.raises(SystemExit):
        call_command("audit", "verify", "--against", str(kept))
    kept.write_text("not a note")
    with pytest.raises(CommandError) as refused:
        call_command("audit", "verify", "--against", str(kept))
    assert refused.value.returncode == 2


def test_verification_changes_nothing_and_reads_in_order(entries: list[Entry]) -> None:
    before = list(Leaf.objects.order_by("index").values())
    verify()
    assert list(Leaf.objects.order_by("index").values()) == before


def test_a_long_log_is_read_to_its_end(db: None) -> None:
    """Places past 32,767: PostgreSQL takes a number for the smallest type that holds it."""
    assert [reading.page(start) for start in (32_000, 2**31 - 1, 2**40)] == [None] * 3
