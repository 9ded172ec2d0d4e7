"""What issuing by the agency and rotating by the partner share: terms, the two places, the row."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from hashing.lists.bases import IssuedKey
from hashing.lists.models import List, Partner, PartnerKey
from hashing.lists.states import Scope, Wire
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid

PLACES = (1, 2)
_CERTIFICATE = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Terms:
    """What a key opens, from where, and until when."""

    wire: Wire
    hash_list: List | None
    networks: Sequence[str]
    scopes: Sequence[Scope]
    certificate: str
    expires_at: datetime | None


def issue(ctx: Context, partner: Partner, terms: Terms) -> IssuedKey:
    """A fresh key in a free place, in the caller's transaction. Raises Conflict when two are live already."""
    # One issuing at a time for a partner, so that two can't take one place.
    Partner.objects.select_for_update().get(pk=partner.pk)
    slot = _free_place(ctx, partner, terms)
    issued = IssuedKey(prefix=secrets.token_hex(6), secret=secrets.token_urlsafe(32))
    key = PartnerKey.objects.create(
        partner=partner,
        prefix=issued.prefix,
        secret_sha256=hashlib.sha256(issued.secret.encode()).digest(),
        wire=terms.wire,
        list=terms.hash_list,
        networks=list(terms.networks),
        scopes=[str(scope) for scope in terms.scopes],
        certificate=terms.certificate,
        slot=slot,
        issued_at=ctx.at,
        expires_at=terms.expires_at,
        life=terms.expires_at - ctx.at if terms.expires_at else None,
    )
    where = {"list": terms.hash_list.slug} if terms.hash_list else {}
    subject = Subject("partner", partner.pk)
    record(ctx, Verb.PARTNER_KEY_ISSUED, subject, key=key.pk, wire=str(terms.wire), **where)
    return issued


def end(ctx: Context, key: PartnerKey, reason: str) -> None:
    """End a key that the caller has locked, at once; ending it again changes nothing."""
    if key.revoked_at is None:
        key.revoked_at = ctx.at
        key.save(update_fields=["revoked_at"])
        subject = Subject("partner", key.partner_id)
        record(ctx, Verb.PARTNER_KEY_REVOKED, subject, key=key.pk, reason=reason)


def networks(wanted: Sequence[str]) -> list[str]:
    try:
        return [str(ipaddress.ip_network(each)) for each in wanted]
    except ValueError as error:
        message = _("Write each network as in 192.0.2.0/24 or 2001:db8::/32.")
        raise Invalid(message, code="bad_network") from error


def certificate(wanted: str) -> str:
    """A certificate's SHA-256 in one form: lower-case hex without colons; empty stays empty."""
    plain = wanted.replace(":", "").lower()
    if plain and not _CERTIFICATE.fullmatch(plain):
        message = _("Give the certificate's SHA-256 as 64 hexadecimal digits.")
        raise Invalid(message, code="bad_certificate")
    return plain


def _free_place(ctx: Context, partner: Partner, terms: Terms) -> int:
    """A key whose end has come gives its place back."""
    alike = PartnerKey.objects.filter(partner=partner, wire=terms.wire, list=terms.hash_list, revoked_at=None)
    for over in alike.filter(expires_at__lte=ctx.at).select_for_update():
        end(ctx, over, "expired")
    live = alike.filter(Q(expires_at=None) | Q(expires_at__gt=ctx.at))
    taken = set(live.values_list("slot", flat=True))
    free = [place for place in PLACES if place not in taken]
    if len(taken) >= len(PLACES) or not free:
        message = _("There are two live keys of this kind already. Revoke one first.")
        raise Conflict(message, code="two_live_keys")
    return free[0]
