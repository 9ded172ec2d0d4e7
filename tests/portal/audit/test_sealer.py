"""The sealer orders what was committed, once, without gaps, and signs it."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from portal.audit import Subject, Verb, keys, marks, record, sealer, tiles
from portal.audit.heads import Head
from portal.audit.merkle import Frontier, leaf_hash
from portal.audit.models import Checkpoint, Entry, Leaf, Tile, Unsealed
from portal.audit.notes import open_note
from portal.audit.tasks import seal
from portal.core.context import Context
from tests.portal.audit.log import verify, write


def test_sealing_orders_entries_and_signs_the_root(db: None) -> None:
    entries = write(3)
    assert Unsealed.objects.count() == 3
    seal()
    leaves = list(Leaf.objects.order_by("index"))
    assert [leaf.index for leaf in leaves] == [0, 1, 2]
    assert [leaf.entry_id for leaf in leaves] == [entry.id for entry in entries]
    assert bytes(leaves[1].hash) == leaf_hash(bytes(entries[1].leaf))
    assert Unsealed.objects.count() == 0
    checkpoint = Checkpoint.objects.get()
    tree = Frontier()
    for leaf in leaves:
        tree.append(bytes(leaf.hash))
        assert marks.fits(keys.mark_keys(), leaf.index, bytes(leaf.hash), bytes(leaf.mark))
    assert (checkpoint.size, bytes(checkpoint.root)) == (3, tree.root())
    opened = open_note(checkpoint.note, keys.trusted())
    assert Head.parse(opened.text) == Head(keys.origin(), 3, bytes(checkpoint.root))
    assert opened.at == checkpoint.at


def test_nothing_new_signs_nothing(db: None) -> None:
    assert sealer.seal_waiting() == 0
    write()
    assert sealer.seal_waiting() == 1
    assert sealer.seal_waiting() == 0
    assert Checkpoint.objects.count() == 1


def test_batches_end_in_the_same_tree(db: None) -> None:
    entries = write(7)
    assert sealer.seal_waiting(batch=3) == 7
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [3, 6, 7]
    tree = Frontier()
    for entry in entries:
        tree.append(leaf_hash(bytes(entry.leaf)))
    assert bytes(Checkpoint.objects.get(size=7).root) == tree.root()


def test_tiles_stand_in_for_their_leaves(db: None) -> None:
    write(600)
    sealer.seal_waiting(batch=250)
    assert list(Tile.objects.order_by("index").values_list("level", "index")) == [(1, 0), (1, 1)]
    for size in (0, 1, 255, 256, 257, 511, 512, 513, 600):
        expected = Frontier()
        for digest in Leaf.objects.filter(index__lt=size).order_by("index").values_list("hash", flat=True):
            expected.append(bytes(digest))
        assert tiles.frontier(size).root() == expected.root()
    assert verify().entries == 600


def test_a_sealer_killed_half_way_leaves_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    write(5)

    def die(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sealer, "_sign", die)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        sealer.seal_waiting()
    assert (Leaf.objects.count(), Tile.objects.count(), Checkpoint.objects.count()) == (0, 0, 0)
    assert Unsealed.objects.count() == 5
    monkeypatch.undo()
    assert sealer.seal_waiting() == 5
    assert verify().entries == 5


def test_a_sealer_refuses_to_sign_what_contradicts_the_last_checkpoint(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(2)
    sealer.seal_waiting()
    monkeypatch.setattr(tiles, "frontier", lambda _size: Frontier(2, [bytes(32)]))
    write()
    with pytest.raises(sealer.Inconsistent):
        sealer.seal_waiting()
    assert Checkpoint.objects.count() == 1


def test_a_second_sealer_leaves_the_work_to_the_first(committed_db: None) -> None:
    write(2)
    counts: list[int] = []
    with transaction.atomic():
        assert sealer.seal_batch(limit=1) == 1
        _in_threads(1, lambda _number: counts.append(sealer.seal_waiting()))
    assert counts == [0]
    assert sealer.seal_waiting() == 1
    assert verify().entries == 2


def test_a_rollback_leaves_no_entry(committed_db: None) -> None:
    with transaction.atomic():
        record(Context.system("test"), Verb.CASE_OPENED, Subject("case", uuid.uuid4()))
        transaction.set_rollback(True)
    assert (Entry.objects.count(), Unsealed.objects.count()) == (0, 0)


def test_a_late_commit_is_found(committed_db: None) -> None:
    """It has the lowest number in the queue, but shows only after others were sealed."""
    written, commit = threading.Event(), threading.Event()

    def late(_number: int) -> None:
        with transaction.atomic():
            record(Context.system("late"), Verb.CASE_OPENED, Subject("case", uuid.uuid4()))
            written.set()
            commit.wait(10)

    thread = _start(1, late)
    assert written.wait(10)
    write(2)
    assert sealer.seal_waiting() == 2
    commit.set()
    thread[0].join()
    assert sealer.seal_waiting() == 1
    assert Leaf.objects.get(index=2).entry.actor_id == "late"
    assert verify().entries == 3


def test_eight_writers_and_two_sealers_leave_no_gap(committed_db: None) -> None:
    done = threading.Event()

    def seal_on(_number: int) -> None:
        while not done.is_set():
            sealer.seal_waiting(batch=5)
            time.sleep(0.005)

    sealers = _start(2, seal_on)
    _in_threads(8, _write_on)
    done.set()
    for thread in sealers:
        thread.join()
    sealer.seal_waiting()
    # 12 turns write 24 entries; a quarter of the turns, 6 entries, is rolled back.
    assert Entry.objects.count() == 8 * 18
    assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == list(range(8 * 18))
    assert Unsealed.objects.count() == 0
    assert verify().entries == 8 * 18


def _write_on(number: int) -> None:
    for turn in range(12):
        with transaction.atomic():
            for _ in range(1 + turn % 3):
                record(Context.system("test"), Verb.CASE_OPENED, Subject("case", uuid.uuid4()))
            transaction.set_rollback(turn % 4 == number % 4)


def _start(count: int, work: Callable[[int], object]) -> list[threading.Thread]:
    def run(number: int) -> None:
        try:
            work(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    return threads


def _in_threads(count: int, work: Callable[[int], object]) -> None:
    for thread in _start(count, work):
        thread.join()
