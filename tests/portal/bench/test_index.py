"""The index benchmark says what a million pictures take, and leaves nothing behind."""

from __future__ import annotations

import pytest

from portal.bench import in_memory
from portal.bench.index_run import index_files
from portal.bench.registry import Options
from portal.vault.models import Picture


@pytest.mark.django_db
def test_two_hundred_pictures() -> None:
    with in_memory.folder() as probe:
        before = set(probe.parent.glob("portal-bench-*")) - {probe}
    found = index_files(Options(sample=5000))
    assert found["pictures"] == 200
    assert set(found) >= {"built_s", "gigabytes_per_million", "10M_gigabytes", "10M_built_s"}
    assert float(found["mapped_to_memory"]) > 0
    assert float(found["mapped_to_memory_pdq"]) > 0
    assert 2 <= float(found["commit_to_matchable_s"]) < 60
    assert 2 <= float(found["withdraw_to_blanked_s"]) < 60
    assert not Picture.objects.exists()
    with in_memory.folder() as probe:
        assert set(probe.parent.glob("portal-bench-*")) - {probe} <= before
