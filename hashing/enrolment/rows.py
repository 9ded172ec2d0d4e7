"""The rows of a picture's full fingerprints. One part of it is fingerprinted at a time, so what was made of
another part before goes; the exact kinds are of the file and stay."""

from __future__ import annotations

from hashing.enrolment.models import Enrolment
from hashing.fingerprints.compute import PHASH_ALGORITHM
from hashing.fingerprints.full_answers import FullFingerprints
from hashing.fingerprints.models import Box, Fingerprint, Kind, RegionalFingerprint
from hashing.fingerprints.pdq import ALGORITHM, ORIENTATIONS, PdqHash
from hashing.fingerprints.pdq_variants import ALGORITHM as VARIANTS_ALGORITHM
from portal.core.context import Context
from portal.vault.models import Picture


def write_rows(ctx: Context, picture: Picture, found: FullFingerprints) -> int:
    """Write the PDQ set and pHash of what is fingerprinted now, and drop its regional fingerprint; how many
    PDQ variants that were. In the caller's transaction, with the picture locked."""
    perceptual = [Kind.PDQ, Kind.PHASH]
    Fingerprint.objects.filter(picture=picture, kind__in=perceptual).delete()
    Fingerprint.objects.bulk_create(_fingerprints(ctx, picture, found))
    RegionalFingerprint.objects.filter(picture=picture).delete()
    return len(found.pdq_set)


def add_regional(ctx: Context, picture: Picture, enrolment: Enrolment, found: FullFingerprints) -> bool:
    """A row for the version it was made with; none for a picture that is too plain."""
    enrolled = found.enrolled
    if enrolled.plain:
        return False
    left, top, right, bottom = enrolment.box or (0, 0, picture.width or 1, picture.height or 1)
    RegionalFingerprint.objects.create(
        picture=picture,
        version=enrolled.version,
        box=Box.TRIMMED if enrolment.box else Box.FULL,
        codes=found.regional,
        count=len(enrolled),
        strength=found.strength,
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        made_at=ctx.at,
    )
    return True


def _fingerprints(ctx: Context, picture: Picture, found: FullFingerprints) -> list[Fingerprint]:
    phash = Fingerprint(
        picture=picture,
        kind=Kind.PHASH,
        algorithm=PHASH_ALGORITHM,
        value=found.phash,
        computed_at=ctx.at,
    )
    return [phash, *(_pdq(ctx, picture, one) for one in found.pdq_set)]


def _pdq(ctx: Context, picture: Picture, one: PdqHash) -> Fingerprint:
    """The eight orientations are those of the plain PDQ kind, and named as of its algorithm."""
    return Fingerprint(
        picture=picture,
        kind=Kind.PDQ,
        variant=one.variant,
        algorithm=ALGORITHM if one.variant in ORIENTATIONS else VARIANTS_ALGORITHM,
        value=one.value,
        quality=one.quality,
        computed_at=ctx.at,
    )
