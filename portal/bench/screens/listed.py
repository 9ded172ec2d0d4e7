"""A photograph inside a screenshot, or under a caption, as enrolment takes it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from hashing.fingerprints import trimming
from hashing.matching import guard
from hashing.matching.matcher import Kept, keep
from portal.bench.copies import frames, overlays
from portal.bench.copies.alteration import Alter, subject

SCREENSHOT, CAPTION = "screenshot", "caption"
KINDS: dict[str, Alter] = {SCREENSHOT: frames.screenshot, CAPTION: overlays.caption}
# The same for a bank picture and for unrelated ones would put the same words in both.
BANK_SEED, UNRELATED_SEED = 17, 18


@dataclass(frozen=True, slots=True)
class Listed:
    """One upload. raw: fingerprinted as it is; guarded: the same after the guard; ready: the picture inside,
    after the guard, as it is listed."""

    path: Path
    kind: str
    trimmed: bool
    dropped: int
    raw: Kept
    guarded: Kept
    ready: Kept


def enlist(asked: tuple[Path, str], others: Sequence[Path]) -> Listed:
    path, kind = asked
    upload = made(path, kind, BANK_SEED, others)
    raw = kept(upload)
    inside = trimming.picture_within(upload) if kind == SCREENSHOT else None
    # A caption's bars are no frame: a person who is asked says so, and the whole is fingerprinted.
    part = upload.crop((inside.left, inside.top, inside.right, inside.bottom)) if inside else upload
    ready = kept(part) if inside else raw
    guarded, safe = _guarded(raw), _guarded(ready)
    dropped = len(ready.regional) - len(safe.regional)
    return Listed(path, kind, inside is not None, dropped, raw, guarded, safe)


def made(path: Path, kind: str, seed: int, others: Sequence[Path]) -> Image.Image:
    return KINDS[kind](subject(path, kind, others, seed=seed))


def kept(picture: Image.Image) -> Kept:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return keep(file.getvalue(), picture)


def _guarded(own: Kept) -> Kept:
    checked = guard.check(
        own.regional, {one.variant: one.value for one in own.pdq}, guard.background(), signs=True
    )
    none = replace(own.regional, codes=own.regional.codes[:0], places=own.regional.places[:0])
    allowed = tuple(one for one in own.pdq if one.variant in checked.pdq)
    return replace(own, regional=checked.regional or none, pdq=allowed)


Chosen = Callable[[Listed], Kept]
WAYS: dict[str, Chosen] = {
    "as_it_is": lambda own: own.raw,
    "guarded": lambda own: own.guarded,
    "trimmed_and_guarded": lambda own: own.ready,
}
