"""manage.py bench screens --bank DIR --other DIR: screenshots and captioned pictures as uploads."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import cv2
from PIL import Image

from hashing.fingerprints.regional import split
from hashing.matching import folders
from hashing.matching.answers import Decision
from hashing.matching.matcher import Matcher, prepare
from portal.bench.copies import trial
from portal.bench.copies.rows import ROWS
from portal.bench.registry import Options, Result, benchmark
from portal.bench.screens.listed import CAPTION, KINDS, SCREENSHOT, UNRELATED_SEED, WAYS, Listed, enlist, made

UNRELATED = 150
EVERY = 10


@benchmark("screens", "screenshots and captioned pictures as uploads: what they find, and what by mistake")
def screens(options: Options) -> Result:
    """Half of the bank's photographs inside a screenshot, half under a caption, trimmed and guarded as they
    would be listed. Copies are made from the photographs; the unrelated from `other`."""
    if options.bank is None or options.other is None:
        return {"skipped": "name two folders: --bank DIR --other DIR"}
    cv2.setNumThreads(1)
    others = [path for path in folders.pictures(options.other) if split.half(path) == split.MEASURING]
    bank = folders.pictures(options.bank)[:: options.sample]
    asked = [(path, (SCREENSHOT, CAPTION)[at % 2]) for at, path in enumerate(bank)]
    listed = []
    for at, one in enumerate(asked, start=1):
        listed.append(enlist(one, others))
        _progress("fingerprinted", at, len(asked))
    return {
        "pictures": len(listed),
        "trimmed_screenshots": sum(own.trimmed for own in listed),
        "codes_dropped_mean": round(mean(own.dropped for own in listed), 1),
        "codes_dropped_most": max(own.dropped for own in listed),
        "codes_left_least": min(len(own.ready.regional) for own in listed),
        **_mistakes(listed, others),
        **_recall(listed, others),
    }


def _mistakes(listed: Sequence[Listed], others: Sequence[Path]) -> dict[str, float | int | str]:
    """How many of 150 unrelated uploads of each kind are called copy or look, in each way of listing."""
    matchers = {way: Matcher([chosen(own) for own in listed]) for way, chosen in WAYS.items()}
    counts: Counter[tuple[str, str, Decision]] = Counter()
    step = max(1, len(others) // UNRELATED)
    some = others[::step][:UNRELATED]
    for at, path in enumerate(some, start=1):
        for kind in KINDS:
            upload = prepare(b"", _saved(made(path, kind, UNRELATED_SEED, others)))
            for way, matcher in matchers.items():
                counts[way, kind, matcher.match(upload).decision] += 1
        _progress("unrelated", at, len(some))
    result: dict[str, float | int | str] = {"unrelated_of_each_kind": len(some)}
    for way in WAYS:
        for kind in KINDS:
            for decision in (Decision.COPY, Decision.LOOK):
                result[f"{way}_{kind}_{decision}"] = counts[way, kind, decision]
    return result


def _recall(listed: Sequence[Listed], others: Sequence[Path]) -> dict[str, float | int | str]:
    matcher = Matcher([own.ready for own in listed])
    shares: dict[str, list[trial.Outcome]] = {row: [] for row in ROWS}
    for at, own in enumerate(listed):
        for row, alter in ROWS.items():
            data = trial.altered(own.path, row, alter, others)
            shares[row].append(trial.ask(matcher, trial.Trial(at, own.path.name, row, data, None)))
        _progress("copies", at + 1, len(listed))
    found = {row: mean(one.found for one in some) for row, some in shares.items()}
    worst = sorted(found.items(), key=lambda each: each[1])[:5]
    kinds = {own.path.name: own.kind for own in listed}
    every = [one for some in shares.values() for one in some]
    result: dict[str, float | int | str] = {
        "recall": round(mean(found.values()), 4),
        "recall_1M": round(mean(one.found_long for one in every), 4),
        "worst_rows": "; ".join(f"{row} {share:.3f}" for row, share in worst),
        "missed": "; ".join(f"{one.picture} {one.row}" for one in every if not one.found),
    }
    for kind in KINDS:
        result[f"recall_{kind}"] = round(mean(one.found for one in every if kinds[one.picture] == kind), 4)
    return result


def _saved(picture: Image.Image) -> Image.Image:
    """As it is uploaded: a JPEG file."""
    file = io.BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=85)
    return Image.open(file).convert("RGB")


def _progress(what: str, done: int, total: int) -> None:
    if done % EVERY == 0 or done == total:
        sys.stderr.write(f"{what} {done} of {total}\n")
