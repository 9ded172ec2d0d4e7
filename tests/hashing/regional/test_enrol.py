"""Enrolment: the same pixels give the same bytes, few regions are said to be few, no input breaks it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hashing.fingerprints.regional import enrol, geometry, regions, serial
from hashing.fingerprints.regional.table import current
from tests.hashing.samples import kept, sample

ROOT = Path(__file__).resolve().parents[3]
ELSEWHERE = """
import sys, hashlib, cv2, skimage.data
from PIL import Image
cv2.setNumThreads(int(sys.argv[1]))
from hashing.fingerprints.regional import enrol, serial
picture = Image.fromarray(skimage.data.coffee())
print(hashlib.sha256(serial.dump(enrol.enrol(picture))).hexdigest())
"""


def test_a_photograph_fills_all_its_slots_in_4324_bytes() -> None:
    found = kept("coffee").regional
    assert len(found) == serial.MOST_REGIONS
    assert len(serial.dump(found)) == 4324
    assert (found.width, found.height) == (512, 341)
    assert not found.plain


def test_another_process_with_other_threads_gives_the_same_bytes() -> None:
    command = [sys.executable, "-c", ELSEWHERE]
    runs = [
        subprocess.run([*command, threads], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for threads in ("1", "4")
    ]
    here = hashlib.sha256(serial.dump(kept("coffee").regional)).hexdigest()
    assert [run.strip() for run in runs] == [here, here]


def test_again_in_this_process_gives_the_same_bytes() -> None:
    again = enrol.enrol(sample("coffee"))
    assert serial.dump(again) == serial.dump(kept("coffee").regional)


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (400, 300), (200, 30, 30)),
        Image.new("L", (1, 1), 7),
        Image.new("RGB", (3, 2000), (0, 90, 0)),
        Image.new("RGB", (5000, 4000), (255, 255, 255)),
        Image.linear_gradient("L"),
    ],
    ids=["one colour", "one pixel", "a line", "huge", "gradient"],
)
def test_what_is_too_plain_says_so(picture: Image.Image) -> None:
    assert enrol.enrol(picture).plain


def test_every_mode_is_read() -> None:
    reference = enrol.enrol(sample("chelsea").convert("L"))
    for mode in ("RGBA", "CMYK", "P"):
        found = enrol.enrol(sample("chelsea").convert("L").convert("RGB").convert(mode))
        assert len(found) >= len(reference) // 2, mode


def test_a_repeated_pattern_is_known_to_be_common() -> None:
    tile = np.asarray(sample("coffee").convert("L"))[100:164, 200:264]
    pixels = np.tile(tile, (8, 8))
    found = enrol.enrol_grey(pixels, current())
    assert geometry.unpack(found.places).common.mean() > 0.5


def test_candidates_leave_no_half_of_a_picture_out() -> None:
    """A busy left half must not take every place from a quiet right half."""
    busy = np.asarray(sample("brick").convert("L").resize((256, 400)))
    quiet = np.asarray(sample("astronaut").convert("L").resize((256, 400))) // 2 + 60
    found = enrol.enrol_grey(np.concatenate([busy, quiet], axis=1).astype(np.uint8), current())
    right = (geometry.unpack(found.places).x > 256).mean()
    assert 0.25 < right < 0.9


def test_a_faint_picture_is_searched_like_a_strong_one() -> None:
    strong = regions.grey(sample("coffee"), 512)
    faint = Image.fromarray((np.asarray(sample("coffee").convert("L")) // 5 + 10).astype(np.uint8))
    levelled = regions.grey(faint, 512)
    assert len(regions.find(levelled, smallest=3, most=900)) > 0.5 * len(
        regions.find(strong, smallest=3, most=900)
    )
