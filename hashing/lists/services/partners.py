"""Lists, partners, their keys and entitlements: what an administrator manages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hashing.lists.bases import IssuedKey
from hashing.lists.models import Entitlement, List, Partner, PartnerKey
from hashing.lists.states import Rule, Wire
from portal.core.context import Context


def create_list(ctx: Context, *, slug: str, name: str, rule: Rule, regions: Sequence[str] = ()) -> List:
    raise NotImplementedError


def add_partner(ctx: Context, *, name: str) -> Partner:
    raise NotImplementedError


def entitle(ctx: Context, *, partner: Partner, hash_list: List, asked_for: bool = False) -> Entitlement:
    raise NotImplementedError


def withdraw_entitlement(ctx: Context, *, partner: Partner, hash_list: List) -> None:
    raise NotImplementedError


def issue_key(
    ctx: Context,
    *,
    partner: Partner,
    wire: Wire,
    hash_list: List | None = None,
    networks: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> IssuedKey:
    raise NotImplementedError


def revoke_key(ctx: Context, *, prefix: str) -> PartnerKey:
    raise NotImplementedError
