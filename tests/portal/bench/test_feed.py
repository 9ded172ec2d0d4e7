"""The benchmark of the feeds: it measures what it says, and leaves nothing behind."""

from __future__ import annotations

import pytest

from hashing.lists.models import Entry, List, Partner, WireRecord
from portal.audit.models import Entry as AuditEntry
from portal.bench import feed
from portal.bench.long_lists import Sizes
from portal.bench.registry import Options

pytestmark = pytest.mark.django_db


def test_gives_ratios_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "RECORDS", 1700)
    monkeypatch.setattr(feed, "SIZES", Sizes(few=30, whole=800, many=1200, delta=20))
    result = feed.feed_cost(Options(sample=4))
    assert {name for name in result if name.startswith("ratio_")} == {
        "ratio_cpu",
        "ratio_elapsed",
        "ratio_snapshot",
        "ratio_serving",
        "ratio_delta",
    }
    assert (result["records"], result["snapshot_entries"], result["delta"]) == (1700, 200, 20)
    assert all(float(value) >= 0 for value in result.values())
    assert not List.objects.filter(slug__startswith="bench").exists()
    for model in (Entry, Partner, WireRecord, AuditEntry):
        assert not model._default_manager.exists()
