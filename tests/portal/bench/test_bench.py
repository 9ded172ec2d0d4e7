"""manage.py bench runs what is registered, and answers in ratios."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.bench import photos, registry
from tests.photos import encoded, photo


def test_one_benchmark_as_json(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.jpg").write_bytes(encoded(photo("cat")))
    out = StringIO()
    call_command("bench", "hash", "--json", bank=tmp_path, stdout=out)
    result = json.loads(out.getvalue())["hash"]
    assert set(result) == {
        "pictures",
        "ratio_to_decode",
        "ratio_to_pdq",
        "fingerprints_to_one_pdq",
        "ratio_caged",
    }
    assert result["pictures"] == 1
    assert result["ratio_to_decode"] > 1


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(CommandError, match="hash"):
        call_command("bench", "speed")


def test_without_a_folder_the_samples_are_large_photographs() -> None:
    assert all(len(data) > 100_000 for data in photos.files(None))


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        photos.files(tmp_path)


def test_every_registered_benchmark_says_what_it_measures() -> None:
    assert "hash" in [one.name for one in registry.every()]
    assert all(one.about for one in registry.every())
