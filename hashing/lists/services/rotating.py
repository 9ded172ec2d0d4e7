"""A partner's own keys: it sees them, rotates them with an overlap, and ends them, without asking anybody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from hashing.lists.bases import IssuedKey
from hashing.lists.models import Partner, PartnerKey
from hashing.lists.services import issuing
from hashing.lists.states import Scope, Wire
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, NotFound

# How long the old key may stay beside the new one.
LONGEST_OVERLAP = timedelta(days=30)


def rotate_key(ctx: Context, *, partner: Partner, prefix: str, overlap: timedelta) -> IssuedKey:
    """A new key on the terms of an old one, which ends after `overlap`.

    The new one has as long a life as the old one was given. Raises NotFound for a key that isn't the
    partner's, Conflict for one that is over or when two are live already.
    """
    with transaction.atomic():
        old = _own(partner, prefix)
        if _over(old, ctx.at):
            raise Conflict("This key is over. Rotate one that is live.", code="key_is_over")
        issued = issuing.issue(ctx, partner, _terms(ctx, old))
        ends = ctx.at + min(overlap, LONGEST_OVERLAP)
        old.expires_at = min(old.expires_at or ends, ends)
        old.save(update_fields=["expires_at"])
        record(ctx, Verb.PARTNER_KEY_ROTATED, Subject("partner", partner.pk), key=old.pk)
        return issued


def end_key(ctx: Context, *, partner: Partner, prefix: str) -> PartnerKey:
    """End one of the partner's own keys at once. Raises NotFound."""
    with transaction.atomic():
        key = _own(partner, prefix)
        issuing.end(ctx, key, "by_partner")
        return key


def own_keys(partner: Partner, at: datetime) -> list[PartnerKey]:
    """The partner's live keys of every wire, the oldest first."""
    rows = PartnerKey.objects.filter(partner=partner, revoked_at=None).select_related("list")
    return [key for key in rows.order_by("issued_at", "prefix") if not _over(key, at)]


def _own(partner: Partner, prefix: str) -> PartnerKey:
    rows = PartnerKey.objects.select_for_update(of=("self",)).select_related("list")
    key = rows.filter(partner=partner, prefix=prefix.replace("\0", "?")).first()
    if key is None:
        raise NotFound("You have no key of that prefix.", code="no_such_key")
    return key


def _over(key: PartnerKey, at: datetime) -> bool:
    return key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= at)


def _terms(ctx: Context, old: PartnerKey) -> issuing.Terms:
    return issuing.Terms(
        wire=Wire(old.wire),
        hash_list=old.list,
        networks=old.networks,
        scopes=[Scope(scope) for scope in old.scopes],
        certificate=old.certificate,
        expires_at=ctx.at + old.life if old.life else None,
    )
