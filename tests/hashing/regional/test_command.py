"""manage.py learn_codes learns from the learning half of a folder, and writes a table that can be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hashing.fingerprints.regional import enrol, split, table
from tests.hashing.samples import LISTED, UNLISTED, sample


def test_it_learns_from_half_of_the_names_and_writes_one_file(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    written = 0
    for at, name in enumerate((*LISTED, *UNLISTED)):
        for number in range(3):
            small = sample(name).resize((160, 120))
            path = photos / f"{number}-{at}.png"
            written += split.half(path) == split.LEARNING
            small.save(path)
    out = tmp_path / "table.bin"
    call_command("learn_codes", photos, out=out, number=7)
    learned = table.load(out)
    assert (learned.version, learned.name) == (7, "regional-v7")
    assert learned.about["photographs"] == written
    assert learned.about["learned_from"] == ["photos"]
    assert len(learned.background) > 100
    assert enrol.enrol(sample("coffee"), learned).version == 7


def test_too_few_photographs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="too few"):
        call_command("learn_codes", tmp_path, out=tmp_path / "table.bin")
