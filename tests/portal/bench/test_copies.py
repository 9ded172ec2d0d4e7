"""The alterations do not change from run to run, and the figures are what was answered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hashing.fingerprints.regional import split
from hashing.matching.answers import Decision, How
from hashing.matching.matcher import Match
from portal.bench.copies import peers, table
from portal.bench.copies.alteration import subject
from portal.bench.copies.rows import HARD_ROWS, ROWS
from portal.bench.copies.trial import Outcome, altered
from portal.bench.registry import Options, find
from tests.photos import encoded, photo


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("photos")
    for name in ("astronaut", "coffee", "cat"):
        small = photo(name)
        small.thumbnail((300, 300))
        (made / f"{name}.jpg").write_bytes(encoded(small))
    return made


def test_there_are_39_ordinary_rows_and_harder_ones() -> None:
    assert len(ROWS) == 39
    assert len(HARD_ROWS) >= 20
    assert not set(ROWS) & set(HARD_ROWS)


@pytest.mark.parametrize("row", [*ROWS, *HARD_ROWS])
def test_an_alteration_is_the_same_every_time_and_a_usable_picture(row: str, folder: Path) -> None:
    alter = {**ROWS, **HARD_ROWS}[row]
    path, others = folder / "coffee.jpg", sorted(folder.iterdir())
    first = alter(subject(path, row, others))
    again = alter(subject(path, row, others))
    assert np.array_equal(np.asarray(first), np.asarray(again))
    assert min(first.size) >= 20
    assert first.mode == "RGB"


@pytest.mark.parametrize(("row", "area"), [("crop90", 0.9), ("crop50", 0.5), ("crop25", 0.25)])
def test_a_crop_has_its_share_of_the_area(row: str, area: float, folder: Path) -> None:
    path = folder / "coffee.jpg"
    cut = ROWS[row](subject(path, row, [path]))
    with Image.open(path) as whole:
        assert cut.width * cut.height / (whole.width * whole.height) == pytest.approx(area, abs=0.02)


def test_an_upload_is_a_jpeg_file(folder: Path) -> None:
    data = altered(folder / "cat.jpg", "invert", HARD_ROWS["invert"], [folder / "coffee.jpg"])
    assert data.startswith(b"\xff\xd8\xff")


def test_other_methods_find_what_they_are_known_to_find(folder: Path) -> None:
    data = (folder / "coffee.jpg").read_bytes()
    with Image.open(folder / "coffee.jpg") as picture:
        listed = peers.Peers.of(data, picture)
        assert set(listed.find(data, picture).values()) == {True}
        turned = picture.rotate(90, expand=True)
        found = listed.find(encoded(turned), turned)
    assert (found["md5"], found["pdq"], found["pdq_8"], found["pdq_set"]) == (False, False, True, True)


def outcome(row: str, decision: Decision, *, right: bool) -> Outcome:
    match = Match(decision, 0, 50.0, How.REGIONAL, (0, 0, 1, 1))
    nothing = Match(Decision.NONE)
    found = dict.fromkeys(peers.NAMES, False)
    return Outcome("a.jpg", row, short=match, long=nothing, right=right, right_long=False, peers=found)


def test_the_figures_count_answers_with_the_right_picture() -> None:
    outcomes = [outcome(row, Decision.COPY, right=True) for row in {**ROWS, **HARD_ROWS}]
    outcomes += [outcome("mirror", Decision.COPY, right=False), outcome("mirror", Decision.LOOK, right=True)]
    result = table.recall(outcomes)
    assert str(result["mirror"]).startswith("found 0.667 found_1M 0.000 copy 0.333 ")
    assert result["mean_found"] == round((38 + 2 / 3) / 39, 4)
    assert result["copies_decided"] == round(39 / 40, 4)
    assert result["wrong_picture"] == 1
    assert result["missed"] == "a.jpg mirror"


def test_the_figures_name_unrelated_pictures_that_hit() -> None:
    result = table.unrelated([outcome("original", Decision.LOOK, right=False)])
    assert (result["unrelated_copy"], result["unrelated_look"]) == (0, 1)
    assert "a.jpg original look" in str(result["unrelated_hits"])
    learned_from = split.half(Path("a.jpg")) == split.LEARNING
    assert result["unrelated_look_learned_from"] == int(learned_from)


@pytest.mark.parametrize("name", ["copies", "lookup"])
def test_without_folders_a_benchmark_says_what_it_needs(name: str) -> None:
    found = find(name)
    assert found is not None
    assert "--bank DIR --other DIR" in str(found.run(Options())["skipped"])
