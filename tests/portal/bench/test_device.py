"""manage.py bench device: a real Chromium on one small picture, and how its figures are counted."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageOps

from hashing.fingerprints import pdq
from hashing.matching.matcher import keep
from portal.bench.device import chromium, finding, run
from tests.photos import encoded, photo

pytestmark = pytest.mark.browser


def test_the_browsers_answer_is_what_the_matcher_keeps() -> None:
    data = encoded(ImageOps.contain(photo("cat"), (96, 96)))
    with chromium.hand() as hand:
        answer = hand.fingerprint(data)
        held = hand.peak_megabytes()
    theirs = run.kept(answer["fingerprints"])
    ours = keep(data, Image.open(io.BytesIO(data)).convert("RGB"))
    assert theirs.sha256 == ours.sha256
    assert [one.variant for one in theirs.pdq] == list(pdq.ORIENTATIONS)
    figures = run._distances([ours], [theirs])
    assert (figures["pdq_median"], figures["pdq_over_8"]) == (figures["pdq_most"], 0)
    assert answer["seconds"] > 0
    assert held > 50


def test_a_canvas_that_returns_noise_is_noticed() -> None:
    assert run._noise([photo("cat"), photo("coffee")]) == {"noise_tries": 2, "noise_noticed": 2}


def test_shares_are_of_all_rows_and_the_worst_row_is_named_by_what_it_lacks() -> None:
    shares = finding._shares({"crop": [4, 3], "blur": [2, 4]}, 4)
    assert shares == {
        "server_found": 0.75,
        "browser_found": 0.875,
        "browser_finds_less_mean": -0.125,
        "browser_finds_less_worst_row": 0.25,
        "browser_finds_more_best_row": 0.5,
    }
