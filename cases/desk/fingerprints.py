"""Fingerprints in words: what was made of a picture, and what of it a list would take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hashing.fingerprints.models import Fingerprint, Kind
from hashing.lists.models import EntryFingerprint

# A list takes a PDQ fingerprint from this quality on; the database refuses less.
LISTED_QUALITY = 50

_NAMES = {Kind.SHA256: "SHA-256", Kind.MD5: "MD5", Kind.PDQ: "PDQ", Kind.PHASH: "pHash"}


@dataclass(frozen=True)
class Line:
    """One kind of fingerprint of one picture, for people."""

    name: str
    words: str
    listable: bool


def by_picture(picture_ids: Iterable[UUID]) -> dict[UUID, list[Line]]:
    """The lines of each picture, in one query."""
    found: dict[UUID, list[Fingerprint]] = defaultdict(list)
    for fingerprint in Fingerprint.objects.filter(picture_id__in=list(picture_ids)).order_by("pk"):
        found[fingerprint.picture_id].append(fingerprint)
    return {picture: lines(fingerprints) for picture, fingerprints in found.items()}


def lines(fingerprints: Iterable[Fingerprint | EntryFingerprint]) -> list[Line]:
    """One line per kind, exact kinds first."""
    kinds: dict[str, list[Fingerprint | EntryFingerprint]] = defaultdict(list)
    for fingerprint in fingerprints:
        kinds[fingerprint.kind].append(fingerprint)
    order = [*(kind.value for kind in Kind), *sorted(set(kinds) - set(Kind.values))]
    return [_line(kind, kinds[kind]) for kind in order if kind in kinds]


def _line(kind: str, rows: Sequence[Fingerprint | EntryFingerprint]) -> Line:
    name = _NAMES[Kind(kind)] if kind in Kind.values else kind
    if kind in {Kind.SHA256, Kind.MD5}:
        return Line(name, _("finds the very same file"), listable=True)
    if kind != Kind.PDQ:
        return Line(name, _("finds slightly changed copies"), listable=True)
    quality = min(row.quality or 0 for row in rows)
    count = ngettext("%(n)d orientation", "%(n)d orientations", len(rows)) % {"n": len(rows)}
    if quality < LISTED_QUALITY:
        too_little = _("%(count)s, quality %(quality)d of 100: too little detail, not listed")
        return Line(name, too_little % {"count": count, "quality": quality}, listable=False)
    good = _("%(count)s, quality %(quality)d of 100")
    return Line(name, good % {"count": count, "quality": quality}, listable=True)
