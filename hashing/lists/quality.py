"""Which fingerprints are good enough to list. A poor one is left out; the others of the picture stay."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from hashing.fingerprints.models import Fingerprint
from hashing.fingerprints.pdq import ORIENTATIONS

MINIMUM_QUALITY = 50
# The greatest distances that a list may recommend: beyond them a match says nothing.
MOST_BITS = {"pdq": 31, "phash": 12}
_FORMS = {
    "sha256": re.compile(r"[0-9a-f]{64}"),
    "md5": re.compile(r"[0-9a-f]{32}"),
    "pdq": re.compile(r"[0-9a-f]{64}"),
    "phash": re.compile(r"[0-9a-f]{16}"),
}
PERCEPTUAL = {"pdq", "phash"}


class Rated(Protocol):
    """A hash with its quality, where its kind has one."""

    @property
    def kind(self) -> str: ...
    @property
    def variant(self) -> str: ...
    @property
    def quality(self) -> int | None: ...


def usable(rows: Iterable[Fingerprint]) -> list[Fingerprint]:
    """Those that may be listed, in a fixed order.

    pHash has no quality of its own: a picture too plain for PDQ is too plain for it.
    """
    rows = list(rows)
    plain = too_plain(rows)
    good = [row for row in rows if _well_formed(row) and _good_enough(row, plain=plain)]
    return sorted(good, key=lambda row: (row.kind, row.variant, row.algorithm))


def too_plain(rows: Iterable[Rated]) -> bool:
    """Whether PDQ can't tell the picture itself. A frame around it has detail enough, but would match every
    plain picture in such a frame."""
    own = [row.quality or 0 for row in rows if row.kind == "pdq" and row.variant in {"", *ORIENTATIONS}]
    return max(own, default=0) < MINIMUM_QUALITY


def acceptable(kind: str, value: str, quality: int | None) -> bool:
    """Whether a partner may submit it. Not every wire carries a quality."""
    return _is_of_form(kind, value) and (quality is None or quality >= MINIMUM_QUALITY)


def _well_formed(row: Fingerprint) -> bool:
    return _is_of_form(row.kind, row.value)


def _is_of_form(kind: str, value: str) -> bool:
    form = _FORMS.get(kind)
    return form is not None and bool(form.fullmatch(value)) and set(value) != {"0"}


def _good_enough(row: Fingerprint, *, plain: bool) -> bool:
    if row.kind not in PERCEPTUAL:
        return True
    return not plain and (row.quality is None or row.quality >= MINIMUM_QUALITY)
