"""Issue and revoke the keys of partners."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hashing.lists.bases import IssuedKey
from hashing.lists.models import Entitlement, List, Partner, PartnerKey
from hashing.lists.states import Rule, Wire
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotFound


def issue_key(
    ctx: Context,
    *,
    partner: Partner,
    wire: Wire,
    hash_list: List | None = None,
    networks: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> IssuedKey:
    """A fresh key. StopNCII and NCMEC keys serve one list: `hash_list`, else the only reviewed one.

    Raises Invalid for networks that aren't CIDR or a list that must be named, Conflict without entitlement.
    """
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        served = _served(partner, wire, hash_list)
        issued = IssuedKey(prefix=secrets.token_hex(6), secret=secrets.token_urlsafe(32))
        key = PartnerKey.objects.create(
            partner=partner,
            prefix=issued.prefix,
            secret_sha256=hashlib.sha256(issued.secret.encode()).digest(),
            wire=wire,
            list=served,
            networks=_networks(networks),
            issued_at=ctx.at,
            expires_at=expires_at,
        )
        where = {"list": served.slug} if served else {}
        subject = Subject("partner", partner.pk)
        record(ctx, Verb.PARTNER_KEY_ISSUED, subject, key=key.pk, wire=str(wire), **where)
        return issued


def revoke_key(ctx: Context, *, prefix: str, reason: str = "revoked") -> PartnerKey:
    """End a key at once; ending it again changes nothing. Raises NotFound."""
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        key = PartnerKey.objects.select_for_update().filter(prefix=prefix).first()
        if key is None:
            raise NotFound(_("There is no such key."), code="no_such_key")
        if key.revoked_at is None:
            key.revoked_at = ctx.at
            key.save(update_fields=["revoked_at"])
            subject = Subject("partner", key.partner_id)
            record(ctx, Verb.PARTNER_KEY_REVOKED, subject, key=key.pk, reason=reason)
        return key


def _served(partner: Partner, wire: Wire, hash_list: List | None) -> List | None:
    if wire == Wire.NATIVE:
        if hash_list is not None:
            message = _("A native key serves every list that the partner is entitled to.")
            raise Invalid(message, code="list_not_needed")
        return None
    entitled = Entitlement.objects.filter(partner=partner).select_related("list")
    if hash_list is not None:
        if not entitled.filter(list=hash_list).exists():
            raise Conflict(_("The partner is not entitled to this list."), code="not_entitled")
        return hash_list
    reviewed = [each.list for each in entitled.filter(rule=Rule.REVIEWED)]
    if len(reviewed) != 1:
        raise Invalid(_("Name the list that the key is for."), code="list_needed")
    return reviewed[0]


def _networks(wanted: Sequence[str]) -> list[str]:
    try:
        return [str(ipaddress.ip_network(each)) for each in wanted]
    except ValueError as error:
        message = _("Write each network as in 192.0.2.0/24 or 2001:db8::/32.")
        raise Invalid(message, code="bad_network") from error
