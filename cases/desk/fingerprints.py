"""Fingerprints in words: what was made of a picture, and what of it a list would take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hashing.enrolment.models import Enrolment, State
from hashing.fingerprints.models import Fingerprint, Kind, RegionalFingerprint
from hashing.fingerprints.regional.serial import FEWEST_REGIONS
from hashing.lists import guard_words
from hashing.lists.models import Entry, EntryFingerprint
from hashing.lists.quality import MINIMUM_QUALITY, too_plain

STRONG, FAIR = 75, 45

_NAMES = {Kind.SHA256: "SHA-256", Kind.MD5: "MD5", Kind.PDQ: "PDQ", Kind.PHASH: "pHash"}


@dataclass(frozen=True)
class Line:
    """One kind of fingerprint of one picture, for people."""

    name: str
    words: str
    listable: bool


def by_picture(picture_ids: Iterable[UUID]) -> dict[UUID, list[Line]]:
    """The lines of each picture, in four queries."""
    ids = list(picture_ids)
    found: dict[UUID, list[Fingerprint]] = defaultdict(list)
    for fingerprint in Fingerprint.objects.filter(picture_id__in=ids).order_by("pk"):
        found[fingerprint.picture_id].append(fingerprint)
    regional, guard = regional_lines(ids), guard_lines(ids)
    return {pk: lines(rows) + regional.get(pk, []) + guard.get(pk, []) for pk, rows in found.items()}


def guard_lines(picture_ids: Iterable[UUID]) -> dict[UUID, list[Line]]:
    """What would match harmless pictures, and what became of it; nothing of most pictures."""
    said = guard_words.by_picture(picture_ids)
    return {pk: [Line(_("Harmless pictures"), words, listable=False)] for pk, words in said.items()}


def regional_lines(picture_ids: Iterable[UUID]) -> dict[UUID, list[Line]]:
    """A line for each picture whose full fingerprints are made, of the newest version; codes stay closed."""
    ids = list(picture_ids)
    rows = RegionalFingerprint.objects.filter(picture__in=ids).defer("codes").order_by("version")
    newest = {row.picture_id: row for row in rows}
    done = set(Enrolment.objects.filter(pk__in=ids, state=State.DONE).values_list("pk", flat=True))
    return {pk: [regional_line(newest.get(pk))] for pk in ids if pk in newest or pk in done}


def of_entry(entry: Entry) -> list[Line]:
    """What a second person decides on."""
    regional = regional_lines([entry.picture_id]).get(entry.picture_id, [])
    guard = guard_lines([entry.picture_id]).get(entry.picture_id, [])
    return agreed(lines(entry.fingerprints.all()) + regional + guard, regional=entry.regional)


def agreed(found: Iterable[Line], *, regional: bool) -> list[Line]:
    """The lines of what would be listed: without the person's consent, regional codes are not."""
    withheld = Line(_("Regional"), _("not used: the person did not agree to it"), listable=False)
    name = withheld.name
    return [withheld if line.name == name and line.listable and not regional else line for line in found]


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
    return _pdq(name, rows)


def _pdq(name: str, rows: Sequence[Fingerprint | EntryFingerprint]) -> Line:
    """The quality said is that of the picture as it is: a border or a crop has another."""
    good = [row for row in rows if (row.quality or 0) >= MINIMUM_QUALITY and not too_plain(rows)]
    first = next((row for row in rows if row.variant == "original"), rows[0])
    words = {"n": len(good), "all": len(rows), "quality": first.quality or 0}
    if not good:
        return Line(name, _("quality %(quality)d of 100: too plain, not listed") % words, listable=False)
    count = ngettext("%(n)d variant", "%(n)d variants", len(good)) % words
    finds = _("%(count)s, quality %(quality)d of 100: finds copies that are turned, mirrored or framed")
    return Line(name, finds % (words | {"count": count}), listable=True)


def regional_line(made: RegionalFingerprint | None) -> Line:
    """The regional fingerprint's line; None for a picture without enough regions."""
    name = _("Regional")
    if made is None or made.count < FEWEST_REGIONS:
        plain = _("too plain to recognise: it would find no crops or screenshots, and is not used")
        return Line(name, plain, listable=False)
    words = {"n": made.count, "strong": strong(made.strength)}
    finds = _("%(n)d regions, %(strong)s: finds crops, screenshots and other altered copies") % words
    return Line(name, finds, listable=True)


def strong(strength: int) -> str:
    """How strong a regional fingerprint is, of 100, in a word."""
    if strength >= STRONG:
        return _("strong")
    return _("fair") if strength >= FAIR else _("weak")
