"""The collision guard at work: what of a picture may be listed, written down with the reason.

Regional codes that would match something harmless are taken out of the stored fingerprint; what else would
match isn't listed. Every proposal and every approval passes here, and the database takes no entry onto a list
that didn't.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hashing.fingerprints.background import file
from hashing.fingerprints.models import Fingerprint, RegionalFingerprint
from hashing.fingerprints.regional import serial, table
from hashing.fingerprints.regional.serial import Enrolled
from hashing.lists import grounds
from hashing.lists.models import Entry, EntryFingerprint, GuardCheck, SubmissionFingerprint
from hashing.lists.states import State
from hashing.matching import guard
from hashing.matching.guard import Checked, Hit
from portal.audit import Subject, Verb, record, unrecorded
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid

Row = TypeVar("Row", Fingerprint, SubmissionFingerprint, EntryFingerprint)
_EXACT = ("sha256", "md5")
_ON_LIST = (State.APPROVED, State.LISTED, State.QUARANTINED)


@transaction.atomic
def examine(ctx: Context, *, picture_id: UUID) -> GuardCheck:
    """Check a picture's fingerprints, take hitting codes out of its regional ones, and write down why.

    Codes that a list shows already stay as they are: the entry was approved with them.
    """
    rows = list(Fingerprint.objects.filter(picture_id=picture_id))
    regional = list(RegionalFingerprint.objects.select_for_update().filter(picture_id=picture_id))
    found = [_checked(_codes(row), rows) for row in regional] or [_checked(None, rows)]
    check = _written(ctx, picture_id, [*_by_file(rows), *(hit for each in found for hit in each.hits)], rows)
    check.dropped = sum(each.dropped for each in found)
    check.regional_refused = check.dropped > 0 and all(each.regional is None for each in found)
    if not Entry.objects.filter(picture_id=picture_id, state__in=_ON_LIST).exists():
        for row, each in zip(regional, found, strict=False):
            _thin(row, each)
    check.save()
    record(
        ctx,
        Verb.PICTURE_GUARDED,
        Subject("picture", picture_id),
        outcome=outcome(check),
        hits=len(check.hits),
        dropped=check.dropped,
        variants=len(check.variants),
    )
    return check


def listable(check: GuardCheck, rows: Sequence[Row]) -> list[Row]:
    """Those of the fingerprints that may be listed. Raises Invalid when the picture may not be at all."""
    if check.refused:
        raise Invalid(REFUSED(), code="harmless")
    return [
        row
        for row in rows
        if not (row.kind == "pdq" and row.variant in check.variants)
        and not (row.kind == "phash" and check.perceptual)
    ]


def recheck(ctx: Context, entry: Entry) -> None:
    """Before an approval: the harmless set may have grown. Raises Conflict."""
    check = examine(ctx, picture_id=entry.picture_id)
    rows = list(entry.fingerprints.all())
    if check.refused or check.dropped or len(listable(check, rows)) < len(rows):
        message = _("It matches something harmless that was added since. Reject it, and propose it anew.")
        raise Conflict(message, code="collision")


def thinned(picture_id: UUID, made: Enrolled) -> Enrolled | None:
    """What of a fingerprint that was made anew may be kept; None if the picture is a harmless one, or too
    little would be left."""
    rows = list(Fingerprint.objects.filter(picture_id=picture_id))
    found = _checked(made, rows)
    if found.same or _by_file(rows):
        return None
    return found.regional if found.dropped else made


def submitted(rows: Sequence[SubmissionFingerprint]) -> list[SubmissionFingerprint]:
    """Those of a partner's fingerprints that may be listed. Raises Invalid."""
    found = _checked(None, rows)
    if found.same or _by_file(rows):
        raise Invalid(REFUSED(), code="harmless")
    return [row for row in rows if row.kind != "pdq" or row.variant in found.pdq]


def outcome(check: GuardCheck) -> str:
    """In one word, for the log."""
    if check.refused:
        return "refused"
    return "thinned" if check.dropped or check.variants or check.perceptual else "passed"


def REFUSED() -> str:  # noqa: N802 (a sentence, translated when it is said)
    return _("This matches a picture that is known to be harmless: it may never be listed.")


@unrecorded("compared, and never shown; picture.guarded or the refusal of a submission tells what came of it")
def _codes(row: RegionalFingerprint) -> Enrolled | None:
    """Those of the present version; the background knows no other."""
    return serial.parse(row.codes) if row.version == table.VERSION else None


def _checked(regional: Enrolled | None, rows: Iterable[Fingerprint | SubmissionFingerprint]) -> Checked:
    """Against the background, then what is left against the agency's own."""
    hashes = {each.variant: each.value for each in rows if each.kind == "pdq"}
    first = guard.check(regional, hashes, guard.background(), signs=True)
    kept = {name: hashes[name] for name in first.pdq}
    second = guard.check(first.regional, kept, grounds.own())
    dropped = first.dropped + second.dropped
    return replace(second, dropped=dropped, hits=(*first.hits, *second.hits))


def _by_file(rows: Iterable[Fingerprint | SubmissionFingerprint]) -> list[Hit]:
    same = grounds.same_file({row.value for row in rows if row.kind in _EXACT})
    return [Hit(f"{grounds.OWN}/{same}", "file", copy=True)] if same else []


def _written(ctx: Context, picture_id: UUID, hits: Sequence[Hit], rows: Sequence[Fingerprint]) -> GuardCheck:
    near = {hit.by for hit in hits if hit.by not in {"regional", "file"}}
    own = any(hit.copy for hit in hits)
    variants = [row.variant for row in rows if row.kind == "pdq" and (own or row.variant in near)]
    return GuardCheck(
        picture_id=picture_id,
        checked_at=ctx.at,
        background=file.projection_of(table.current()),
        refused=own,
        perceptual=own,
        variants=sorted(set(variants)),
        hits=sorted({(hit.name, hit.by) for hit in hits}),
    )


def _thin(row: RegionalFingerprint, found: Checked) -> None:
    """Put what may stay in the row's place. Nothing is left of one that is refused: too plain to match."""
    if not found.dropped:
        return
    own = serial.parse(row.codes)
    kept = found.regional or replace(own, codes=own.codes[:0], places=own.places[:0])
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.fields}  # noqa: SLF001 (Django's public-by-documentation API)
    row.delete()
    del fields["id"]
    count = len(kept)
    strength = fields["strength"] * count // max(1, len(own))
    RegionalFingerprint.objects.create(
        **{**fields, "codes": serial.dump(kept), "count": count, "strength": strength}
    )
