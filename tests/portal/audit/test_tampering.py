"""What a superuser of the database, or a thief of the signing key, can do, and what finds it."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from portal.audit import canonical, guards, keys, marks, memory, sealer, verification
from portal.audit.findings import Broken
from portal.audit.heads import Head, Kept
from portal.audit.merkle import leaf_hash
from portal.audit.models import Checkpoint, Entry, Leaf
from portal.audit.notes import open_note
from portal.core import clock
from tests.portal.audit.log import PATIENCE, verify, write
from tests.portal.audit.test_verification import Tamper, broken, entries, tamper

__all__ = ["entries", "tamper"]
LOG = ("audit_checkpoint", "audit_tile", "audit_leaf", "audit_unsealed")


def put_back(owner_connection: BaseDatabaseWrapper) -> None:
    """The triggers, as they were: the portal goes on."""
    with owner_connection.cursor() as cursor:
        for table, name in guards.TRIGGERS:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def test_an_entry_slipped_into_the_middle_is_named(entries: list[Entry], tamper: Tamper) -> None:
    """The later ones moved up, every hash right: the marks are not."""
    fake = write()[0]
    tamper("DELETE FROM audit_unsealed")
    tamper("UPDATE audit_leaf SET index = index + 1000 WHERE index >= 5")
    tamper("UPDATE audit_leaf SET index = index - 999 WHERE index >= 1000")
    insert = "INSERT INTO audit_leaf (index, entry_id, hash, mark) VALUES (5, %s, %s, %s)"
    tamper(insert, fake.id, leaf_hash(bytes(fake.leaf)), bytes(16))
    assert (broken().index, broken().entry) == (5, fake.id)


def test_two_entries_that_changed_places_are_named_even_with_their_marks(
    entries: list[Entry], tamper: Tamper
) -> None:
    one, other = Leaf.objects.get(index=5), Leaf.objects.get(index=6)
    change = "UPDATE audit_leaf SET entry_id = %s, hash = %s, mark = %s WHERE index = %s"
    spare = write()[0]
    tamper(change, spare.id, bytes(32), bytes(16), 6)
    tamper(change, other.entry_id, bytes(other.hash), bytes(other.mark), 5)
    tamper(change, one.entry_id, bytes(one.hash), bytes(one.mark), 6)
    assert (broken().index, broken().entry) == (5, other.entry_id)


def test_a_restored_older_copy_is_found_by_a_checkpoint_kept_elsewhere(
    entries: list[Entry], tamper: Tamper, owner_connection: BaseDatabaseWrapper
) -> None:
    """Yesterday's backup holds by itself; it is shorter than what was seen since."""
    kept = Head.parse(Checkpoint.objects.get(size=10).note)
    for table, column in (("checkpoint", "size"), ("leaf", "index")):
        tamper(f"DELETE FROM audit_{table} WHERE {column} >= %s", 8 if column == "index" else 9)
    tamper("DELETE FROM audit_entry WHERE id = ANY(%s)", [entries[8].id, entries[9].id])
    assert verify().entries == 8
    put_back(owner_connection)
    memory.forget()  # another machine, or somebody who reaches this one's files too
    write(5)
    sealer.seal_waiting()
    assert verify().entries == 13  # it went on, and is longer again: a fork
    with pytest.raises(Broken, match="not the one that the checkpoint kept elsewhere signed") as found:
        verification.verify(patience=PATIENCE, kept=[Kept(kept)])
    assert found.value.index in range(8, 13)


def test_with_the_signing_key_stolen_only_an_outside_checkpoint_shows_a_rebuilt_log(
    entries: list[Entry], tamper: Tamper, owner_connection: BaseDatabaseWrapper
) -> None:
    kept = Head.parse(Checkpoint.objects.get(size=10).note)
    tamper("UPDATE audit_entry SET verb = 'case.read' WHERE id = %s", entries[2].id)
    changed = Entry.objects.get(pk=entries[2].id)
    tamper("UPDATE audit_entry SET leaf = %s WHERE id = %s", canonical.encode(changed), changed.id)
    for table in LOG:
        tamper(f"DELETE FROM {table}")
    queue = (
        "INSERT INTO audit_unsealed (entry_id, queued_at) SELECT id, now() FROM audit_entry ORDER BY at, id"
    )
    tamper(queue)
    put_back(owner_connection)
    memory.forget()
    sealer.seal_waiting()
    assert verify().entries == 10  # signed, marked and whole: nothing inside shows it
    with pytest.raises(Broken, match="not the one that the checkpoint kept elsewhere signed"):
        verification.verify(patience=PATIENCE, kept=[Kept(kept)])


def test_a_checkpoint_signed_with_a_forged_key_is_named(
    entries: list[Entry], tamper: Tamper, settings: Settings
) -> None:
    row = Checkpoint.objects.get(size=8)
    real = settings.CHECKPOINT_KEY
    settings.CHECKPOINT_KEY = base64.b64encode(bytes(range(1, 33))).decode()
    forged = keys.signer().sign(Head(keys.origin(), 8, bytes(row.root)).text(), row.at)
    settings.CHECKPOINT_KEY = real
    tamper("UPDATE audit_checkpoint SET note = %s WHERE size = 8", forged)
    found = broken()
    assert found.index == 4
    assert "not signed by a key that is trusted here" in found.what


def test_a_time_after_the_checkpoint_that_sealed_it_is_named(entries: list[Entry], tamper: Tamper) -> None:
    entry = write()[0]
    entry.at += timedelta(minutes=30)
    entry.leaf = canonical.encode(entry)
    tamper("UPDATE audit_entry SET at = %s, leaf = %s WHERE id = %s", entry.at, entry.leaf, entry.id)
    sealer.seal_waiting()
    assert (broken().index, broken().entry) == (10, entry.id)
    assert broken().what.startswith("its time is after the checkpoint that sealed it; ")


def test_the_unsealed_window_is_what_the_decision_says(entries: list[Entry], tamper: Tamper) -> None:
    """Before the sealer came, an entry can go without a trace; from the moment it is sealed, it can't."""
    early, late = write(2)
    tamper("DELETE FROM audit_unsealed WHERE entry_id = %s", early.id)
    tamper("DELETE FROM audit_entry WHERE id = %s", early.id)
    sealer.seal_waiting()
    assert verify().entries == 11
    tamper("DELETE FROM audit_leaf WHERE entry_id = %s", late.id)
    tamper("DELETE FROM audit_entry WHERE id = %s", late.id)
    assert broken().index == 10


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_column_of_any_entry_is_named(
    entries: list[Entry], owner_connection: BaseDatabaseWrapper, data: st.DataObject
) -> None:
    """Random histories of one change each; the change is undone before the next."""
    place = data.draw(st.integers(0, 9))
    column, value = data.draw(
        st.sampled_from(
            [
                ("verb", "'case.read'"),
                ("actor_id", "actor_id || 'x'"),
                ("role", "'auditor'"),
                ("subject_id", "subject_id || '0'"),
                ("payload", "payload || '{\"pictures\": 99}'"),
                ("payload", "'{}'"),
                ("payload", "'[]'"),
                ("at", "at + interval '1 microsecond'"),
                ("action_id", "gen_random_uuid()"),
                ("nonce", "decode(repeat('ab', 16), 'hex')"),
                ("leaf", "leaf || ' '::bytea"),
                ("leaf", "'\\xff'::bytea"),
            ]
        )
    )
    with owner_connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute(
            "CREATE TEMP TABLE kept AS SELECT * FROM audit_entry WHERE id = %s", [entries[place].id]
        )
        cursor.execute(f"UPDATE audit_entry SET {column} = {value} WHERE id = %s", [entries[place].id])
        try:
            found = broken()
            assert (found.index, found.entry) == (place, entries[place].id)
        finally:
            cursor.execute(
                f"UPDATE audit_entry e SET {column} = kept.{column} FROM kept WHERE e.id = kept.id"
            )
            cursor.execute("DROP TABLE kept")
    assert verify().entries == 10


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_append_only ON audit_entry",
        "SET session_replication_role = replica",
        "ALTER TABLE audit_leaf OWNER TO portal_app",
        "CREATE RULE quiet AS ON INSERT TO audit_entry DO INSTEAD NOTHING",
        "DROP FUNCTION audit_enqueue() CASCADE",
        "SET ROLE portal_owner",
        "UPDATE audit_witness SET public_key = decode(repeat('00', 32), 'hex')",
    ],
)
def test_the_portals_role_can_not_switch_the_guards_off(committed_db: None, sql: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname = 'audit_append_only' AND tgenabled = 'A'"
        )
        assert cursor.fetchone() == (7,)


def test_while_keys_change_both_sign_and_either_checks(
    committed_db: None, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    write(2)
    sealer.seal_waiting()
    old = keys.signer().verifier
    settings.CHECKPOINT_FORMER_KEY = settings.CHECKPOINT_KEY
    settings.CHECKPOINT_KEY = base64.b64encode(bytes(range(1, 33))).decode()
    write(2)
    sealer.seal_waiting()
    note = Checkpoint.objects.get(size=4).note
    new = keys.signer().verifier
    assert old != new
    assert open_note(note, [old]).text == open_note(note, [new]).text
    assert verify().entries == 4

    settings.CHECKPOINT_FORMER_KEY = ""
    with pytest.raises(Broken, match="can't be trusted"):
        verify()
    settings.CHECKPOINT_OLD_KEYS = [old.text]
    write()
    sealer.seal_waiting()
    call_command("audit", "verify")
    assert "holds: 5 entries" in capsys.readouterr().out


def test_a_stolen_key_that_was_changed_signs_no_other_history(
    entries: list[Entry], tamper: Tamper, settings: Settings
) -> None:
    """The old key still checks old checkpoints; by itself it can't sign where the log ends."""
    stolen = settings.CHECKPOINT_KEY
    settings.CHECKPOINT_OLD_KEYS = [keys.signer().verifier.text]
    settings.CHECKPOINT_KEY = base64.b64encode(bytes(range(1, 33))).decode()
    assert broken().what.startswith("the newest checkpoint isn't signed with today's key")
    write()
    sealer.seal_waiting()
    assert verify().entries == 11
    for place in ("checkpoint WHERE size = 11", "leaf WHERE index = 10"):
        tamper(f"DELETE FROM audit_{place}")
    memory.forget()
    settings.CHECKPOINT_KEY, settings.CHECKPOINT_OLD_KEYS, today = stolen, [], settings.CHECKPOINT_KEY
    tamper(
        "INSERT INTO audit_unsealed (entry_id, queued_at) SELECT max(id::text)::uuid, now() FROM audit_entry"
    )
    sealer.seal_waiting()
    settings.CHECKPOINT_OLD_KEYS, settings.CHECKPOINT_KEY = [keys.signer().verifier.text], today
    assert broken().what.startswith("the newest checkpoint isn't signed with today's key")


def test_a_checkpoint_of_another_log_is_nothing_to_hold_this_one_to(entries: list[Entry]) -> None:
    kept = Head("portal/other", 8, bytes(Checkpoint.objects.get(size=8).root))
    with pytest.raises(Broken, match="is of another log, portal/other"):
        verification.verify(patience=PATIENCE, kept=[Kept(kept)])


def test_a_clock_set_back_is_told_with_what_to_do(entries: list[Entry]) -> None:
    """Checkpoints keep the later time until the clock has caught up; all entries meanwhile are too early."""
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        write()
        sealer.seal_waiting()
    for _ in range(3):
        write(2)
        sealer.seal_waiting()
    found = broken()
    assert found.index == 11
    assert found.what.endswith("check all the rest with --wrong-clock 11-16")
    held = verification.verify(patience=PATIENCE, wrong_clock=[range(11, 17)])
    assert (held.entries, held.excused) == (17, 6)
    with pytest.raises(Broken) as raised:
        verification.verify(patience=PATIENCE, wrong_clock=[range(11, 14)])
    assert raised.value.index == 14


def test_a_mark_belongs_to_a_place_a_hash_and_a_key() -> None:
    key = marks.key(bytes(32))
    mark = marks.make(key, 7, bytes(32))
    assert marks.fits([key], 7, bytes(32), mark)
    assert not marks.fits([key], 8, bytes(32), mark)
    assert not marks.fits([key], 7, bytes([1] * 32), mark)
    assert not marks.fits([marks.key(bytes([1] * 32))], 7, bytes(32), mark)
