"""The benchmark of the feeds: it measures what it says, and leaves nothing behind."""

from __future__ import annotations

import pytest

from hashing.lists.models import Entry, List, Partner, WireRecord
from portal.audit.models import Entry as AuditEntry
from portal.bench import feed
from portal.bench.registry import Options

pytestmark = pytest.mark.django_db


def test_gives_ratios_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"RECORDS": 1700, "FEW": 30, "MANY": 60, "DELTA": 20}.items():
        monkeypatch.setattr(feed, name, value)
    result = feed.feed_cost(Options())
    assert set(result) == {"records", "ratio_cpu", "ratio_elapsed", "delta", "ratio_delta"}
    assert (result["records"], result["delta"]) == (1700, 20)
    assert not List.objects.filter(slug__startswith="bench").exists()
    for model in (Entry, Partner, WireRecord, AuditEntry):
        assert not model._default_manager.exists()
