"""Uploads as `bench screens` enrols them."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.bench.screens import listed
from portal.bench.screens.listed import CAPTION, SCREENSHOT
from tests.hashing.samples import sample


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    file = tmp_path / "coffee.png"
    sample("coffee").save(file)
    return file


def test_a_screenshot_is_trimmed_and_what_is_left_is_the_photograph(photograph: Path) -> None:
    own = listed.enlist((photograph, SCREENSHOT), [photograph])
    assert own.trimmed
    shape = own.ready.regional.width / own.ready.regional.height
    assert shape == pytest.approx(1.5, abs=0.1)
    assert own.raw.regional.width < own.raw.regional.height
    assert len(own.ready.regional) > 80


def test_a_captioned_picture_is_taken_whole(photograph: Path) -> None:
    own = listed.enlist((photograph, CAPTION), [photograph])
    assert not own.trimmed
    assert own.ready.regional.width == own.raw.regional.width
    assert own.dropped == len(own.raw.regional) - len(own.ready.regional)


def test_the_same_words_are_not_in_both(photograph: Path) -> None:
    one, other = (
        listed.made(photograph, CAPTION, seed, [photograph])
        for seed in (listed.BANK_SEED, listed.UNRELATED_SEED)
    )
    assert one.tobytes() != other.tobytes()
