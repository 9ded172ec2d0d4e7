"""Altered copies, asked of the same pictures' fingerprints as the server and as the browser made them."""

from __future__ import annotations

import io
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from hashing.matching.answers import Decision
from hashing.matching.matcher import Kept, Matcher, prepare
from portal.bench.copies.rows import ROWS
from portal.bench.copies.trial import LONG_LIST, altered

SIDES = ("server", "browser")


def compare(
    chosen: Sequence[Path], paths: Sequence[Path], ours: Sequence[Kept], theirs: Sequence[Kept]
) -> dict[str, float]:
    """Shares found at the threshold of a list of a million, over all rows; collages take from `paths`."""
    matchers = [Matcher(made).as_if(LONG_LIST) for made in (ours, theirs)]
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for number, path in enumerate(chosen):
        others = [other for other in paths if other != path]
        for row, alter in ROWS.items():
            data = altered(path, row, alter, others)
            with Image.open(io.BytesIO(data)) as opened:
                upload = prepare(data, opened.convert("RGB"))
            for side, matcher in enumerate(matchers):
                answer = matcher.match(upload)
                found[row][side] += answer.picture == number and answer.decision is not Decision.NONE
        sys.stderr.write(f"asked {number + 1} of {len(chosen)}\n")
    return _shares(found, len(chosen))


def _shares(found: dict[str, list[int]], pictures: int) -> dict[str, float]:
    asked = pictures * len(found)
    means = [sum(row[side] for row in found.values()) / asked for side in range(len(SIDES))]
    apart = {row: (server - browser) / pictures for row, (server, browser) in found.items()}
    return {
        **{f"{side}_found": round(mean, 4) for side, mean in zip(SIDES, means, strict=True)},
        "browser_finds_less_mean": round(means[0] - means[1], 4),
        "browser_finds_less_worst_row": round(max(apart.values()), 4),
        "browser_finds_more_best_row": round(-min(apart.values()), 4),
    }
