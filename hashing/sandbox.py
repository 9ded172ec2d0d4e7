"""Harmless pictures for the sandbox: what partners test their side with."""

from __future__ import annotations

from uuid import UUID

from hashing import services
from hashing.fingerprints.models import Fingerprint, Kind
from hashing.lists import services as lists
from hashing.lists.models import Entry
from hashing.lists.states import Category
from portal.core.context import Context
from portal.core.errors import Invalid
from portal.vault.services import accept, shred
from portal.vault.staging import Stage

SLUG = "sandbox"
_NOBODYS = lists.Basis(consented=False, contact_verified=False, caseworker_decided=False, regional=True)


def put_in_sandbox(ctx: Context, data: bytes, *, list_slug: str = SLUG) -> Entry:
    """Fingerprint the picture, list that in the sandbox, and destroy the picture.

    Raises Invalid for a file that can't be fingerprinted.
    """
    picture_id = fingerprinted(ctx, data)
    entry = lists.propose(
        ctx,
        picture_id=picture_id,
        list_slug=list_slug,
        basis=_NOBODYS,
        team=None,
        category=Category.SANDBOX,
    )
    shred(ctx, picture_id=picture_id, reason="sandbox")
    return entry


def fingerprinted(ctx: Context, data: bytes) -> UUID:
    """The id of a picture that is stored and fingerprinted here and now. Raises Invalid if it can't be."""
    stage = Stage()
    stage.add(data)
    picture = accept(ctx, staged=stage.finish())
    services.fingerprint_picture(ctx, picture_id=picture.pk)
    if not Fingerprint.objects.filter(picture=picture, kind=Kind.PDQ).exists():
        raise Invalid("This file can't be fingerprinted.", code="no_fingerprint")
    return UUID(str(picture.pk))
