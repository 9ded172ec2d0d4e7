"""Issue and revoke the keys of partners."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hashing.lists.bases import IssuedKey
from hashing.lists.models import Entitlement, List, Partner, PartnerKey
from hashing.lists.services import issuing
from hashing.lists.states import Rule, Scope, Wire
from portal.accounts import policy
from portal.accounts.roles import Perm
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
    scopes: Sequence[Scope] = tuple(Scope),
    certificate: str = "",
) -> IssuedKey:
    """A fresh key. StopNCII and NCMEC keys serve one list: `hash_list`, else the only reviewed one.

    `certificate` is the SHA-256 (hex) of a client certificate that must come with it. Raises Invalid for
    networks that aren't CIDR or a list that must be named, Conflict without entitlement or when two keys are
    live.
    """
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        terms = issuing.Terms(
            wire=wire,
            hash_list=_served(partner, wire, hash_list),
            networks=issuing.networks(networks),
            scopes=tuple(scopes),
            certificate=issuing.certificate(certificate),
            expires_at=expires_at,
        )
        return issuing.issue(ctx, partner, terms)


def revoke_key(ctx: Context, *, prefix: str, reason: str = "revoked") -> PartnerKey:
    """End a key at once; ending it again changes nothing. Raises NotFound."""
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        key = PartnerKey.objects.select_for_update().filter(prefix=prefix).first()
        if key is None:
            raise NotFound(_("There is no such key."), code="no_such_key")
        issuing.end(ctx, key, reason)
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
