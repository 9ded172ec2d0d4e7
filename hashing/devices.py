"""Fingerprints that a person made on their own device: the picture itself never comes here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from hashing.enrolment.models import Enrolment, State, Trim
from hashing.fingerprints import pdq, pdq_variants
from hashing.fingerprints.claims import Claim
from hashing.fingerprints.full_answers import strength
from hashing.fingerprints.models import Box, Fingerprint, Kind, RegionalFingerprint, Source
from hashing.fingerprints.regional import serial
from hashing.services import EXACT_ALGORITHM
from portal import audit
from portal.audit import Subject, Verb
from portal.core.context import Context
from portal.vault import services as vault
from portal.vault.models import Picture, PictureState

# Bits between the PDQ hashes of one photograph as a browser and as the server decode it, at most.
DECODERS_DIFFER = 8


@transaction.atomic
def register(ctx: Context, *, claim: Claim) -> Picture:
    """Keep a checked claim as the full fingerprints of a new picture that nobody here holds."""
    picture = vault.register(ctx, width=claim.width, height=claim.height)
    rows = Fingerprint.objects.bulk_create(_rows(ctx, picture, claim))
    if not claim.regional.plain:
        _keep_regional(ctx, picture, claim)
    enrolment = _enrol(ctx, picture, claim)
    audit.record(
        ctx,
        Verb.FINGERPRINT_ENROLLED,
        Subject("picture", picture.id),
        version=claim.regional.version,
        regions=len(claim.regional),
        strength=strength(claim.regional),
        variants=len(rows) - 1,
        trim=enrolment.trim,
    )
    return picture


def same_file(picture_ids: Collection[UUID], claim: Claim) -> bool:
    """Whether one of these pictures was made of the very same file."""
    rows = Fingerprint.objects.filter(picture__in=picture_ids, kind=Kind.SHA256)
    return rows.filter(value=claim.sha256).exists()


def same_picture(picture_id: UUID, others: Collection[UUID]) -> set[UUID]:
    """Those of the others that are of the same picture, where one of both is known from a device alone: the
    same file, or PDQ hashes no further apart than two decoders' are."""
    return twins([picture_id, *others])[picture_id]


def twins(picture_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """For each picture those of the others that it is the same as, as above; two queries."""
    on_device = set(_on_device(picture_ids))
    kinds: dict[UUID, dict[str, str]] = defaultdict(dict)
    rows = Fingerprint.objects.filter(picture__in=picture_ids, variant__in=["", "original"])
    for owner, kind, value in rows.values_list("picture_id", "kind", "value"):
        kinds[owner][kind] = value
    found: dict[UUID, set[UUID]] = {pk: set() for pk in picture_ids}
    for one in on_device:
        for other in found.keys() - on_device:
            if _same(kinds[one], kinds[other]):
                found[one].add(other)
                found[other].add(one)
    return found


def _on_device(picture_ids: Collection[UUID]) -> QuerySet[Picture, UUID]:
    pictures = Picture.objects.filter(pk__in=picture_ids, state=PictureState.ON_DEVICE)
    return pictures.values_list("pk", flat=True)


def _same(mine: dict[str, str], other: dict[str, str]) -> bool:
    if Kind.SHA256 in mine and mine[Kind.SHA256] == other.get(Kind.SHA256):
        return True
    known = Kind.PDQ in mine and Kind.PDQ in other
    return known and pdq.distance(mine[Kind.PDQ], other[Kind.PDQ]) <= DECODERS_DIFFER


def _rows(ctx: Context, picture: Picture, claim: Claim) -> Iterator[Fingerprint]:
    yield Fingerprint(
        picture=picture,
        kind=Kind.SHA256,
        algorithm=EXACT_ALGORITHM,
        value=claim.sha256,
        computed_at=ctx.at,
    )
    for one in claim.pdq:
        plain = one.variant in pdq.ORIENTATIONS
        yield Fingerprint(
            picture=picture,
            kind=Kind.PDQ,
            variant=one.variant,
            algorithm=pdq.ALGORITHM if plain else pdq_variants.ALGORITHM,
            value=one.value,
            quality=one.quality,
            computed_at=ctx.at,
        )


def _keep_regional(ctx: Context, picture: Picture, claim: Claim) -> None:
    left, top, right, bottom = claim.within or (0, 0, claim.width, claim.height)
    RegionalFingerprint.objects.create(
        picture=picture,
        version=claim.regional.version,
        box=Box.TRIMMED if claim.within else Box.FULL,
        codes=serial.dump(claim.regional),
        count=len(claim.regional),
        strength=strength(claim.regional),
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        source=Source.DEVICE,
        made_at=ctx.at,
    )


def _enrol(ctx: Context, picture: Picture, claim: Claim) -> Enrolment:
    """Nothing is owed: the device did all of it, and asked the person which part is meant."""
    enrolment = Enrolment(
        picture=picture,
        state=State.DONE,
        trim=_trim(claim),
        looked=True,
        version=claim.regional.version,
        regions=len(claim.regional),
        strength=strength(claim.regional),
        owed_at=ctx.at,
        done_at=ctx.at,
        confirmed_at=ctx.at if claim.proposed else None,
    )
    enrolment.box, enrolment.proposal = claim.within, claim.proposed
    enrolment.save(force_insert=True)
    return enrolment


def _trim(claim: Claim) -> Trim:
    """What the person said of the frame that was found, if one was."""
    if claim.proposed is None:
        return Trim.NONE
    return Trim.ACCEPTED if claim.within else Trim.WHOLE
