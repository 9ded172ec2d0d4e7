"""The sealer and the publisher, killed at the lines they run: nothing is lost, doubled, or left half done.

Every line in `make soak`, some in each run.
"""

from __future__ import annotations

import time

import pytest

from hashing.lists.models import Publication
from hashing.lists.services.publishing import publish_pending
from portal.audit import sealer
from portal.audit.models import Checkpoint, Entry, Leaf, Tile, Unsealed
from tests.faults import dying
from tests.hashing.listing import Desk, reviewed
from tests.portal.audit.log import verify, write

SEALING = ("portal/audit/sealer.py", "portal/audit/tiles.py", "portal/audit/keys.py")
PUBLISHING = ("hashing/lists/services/publishing.py", "hashing/lists/records.py", "hashing/lists/locking.py")
PATIENCE = 10.0
EVERY_LINE = pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.soak)])


def _sealed_by(count: int) -> None:
    """The killed sealer's connection, and its lock with it, ends a moment after its process."""
    deadline = time.monotonic() + PATIENCE
    while Leaf.objects.count() < count:
        assert time.monotonic() < deadline
        sealer.seal_waiting()


def _state() -> tuple[int, int, int]:
    return Leaf.objects.count(), Checkpoint.objects.count(), Unsealed.objects.count()


@EVERY_LINE
def test_a_sealer_killed_at_any_line_has_done_all_or_nothing(committed_db: None, step: int) -> None:
    write(4)
    lines = dying.lines_of(sealer.seal_waiting, *SEALING)
    assert lines > 40
    total = 4
    for line in range(1, lines + 1, step):
        write(2)
        leaves, checkpoints, waiting = _state()
        assert dying.die_at(line, sealer.seal_waiting, *SEALING)
        assert _state() in {(leaves, checkpoints, waiting), (leaves + waiting, checkpoints + 1, 0)}, line
        total += 2
        _sealed_by(total)
    assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == list(range(total))
    assert verify().entries == total == Entry.objects.count()


def test_a_sealer_killed_while_it_completes_a_tile(committed_db: None) -> None:
    write(250)
    sealer.seal_waiting()
    write(20)
    assert dying.lines_of(lambda: None, *SEALING) == 0
    for line in range(1, 120, 17):
        dying.die_at(line, sealer.seal_waiting, *SEALING)
    _sealed_by(270)
    assert list(Tile.objects.values_list("level", "index")) == [(1, 0)]
    assert verify().entries == 270


@EVERY_LINE
def test_a_publisher_killed_at_any_line_publishes_each_entry_once(committed_db: None, step: int) -> None:
    desk = Desk.make()
    desk.approved()
    lines = dying.lines_of(publish_pending, *PUBLISHING)
    assert lines > 40
    for line in range(1, lines + 1, 2 * step):
        desk.approved()
        before = Publication.objects.count()
        assert dying.die_at(line, publish_pending, *PUBLISHING)
        assert Publication.objects.count() - before in {0, 1}
        deadline = time.monotonic() + PATIENCE
        while Publication.objects.count() == before:
            assert time.monotonic() < deadline
            publish_pending()
    rows = Publication.objects.filter(list=reviewed()).order_by("position")
    positions = list(rows.values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))
    assert rows.values("entry").distinct().count() == len(positions)
    listed = Entry.objects.filter(verb="entry.listed").values_list("subject_id", flat=True)
    assert sorted(listed) == sorted(str(row.entry_id) for row in rows)
