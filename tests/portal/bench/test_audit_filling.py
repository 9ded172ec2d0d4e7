"""The benchmark's short cut to a long log makes what the product would have made."""

from __future__ import annotations

from django.db import connection

from portal.audit import canonical, sealer, tiles
from portal.audit.merkle import Frontier, leaf_hash
from portal.audit.models import Checkpoint, Entry, Leaf, Tile, Unsealed
from portal.bench.audit import filling
from tests.portal.audit.log import verify, write


def _indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'audit_entry'")
        return {name for (name,) in cursor.fetchall()}


def test_a_filled_log_holds_and_goes_on_as_any_other(committed_db: None) -> None:
    write(3)
    sealer.seal_waiting()
    before = _indexes()
    filling.fill(600)
    assert verify().entries == 600
    assert Tile.objects.count() == 2
    edge = Frontier()
    for leaf in Leaf.objects.select_related("entry").order_by("index"):
        assert canonical.encode(leaf.entry) == bytes(leaf.entry.leaf)
        edge.append(leaf_hash(bytes(leaf.entry.leaf)))
    assert edge.root() == bytes(Checkpoint.objects.get(size=600).root) == tiles.frontier(600).root()
    assert _indexes() == before
    assert Unsealed.objects.count() == 0
    write(5)
    assert sealer.seal_waiting() == 5
    assert verify().entries == 605
    assert Entry.objects.filter(verb=filling.RARE).count() == 0
