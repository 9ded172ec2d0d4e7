"""Everything that changes lists, entries, partners and keys."""

from __future__ import annotations

from hashing.lists.bases import Basis, IssuedKey
from hashing.lists.services.deciding import approve, reject
from hashing.lists.services.expiring import expire_tombstones
from hashing.lists.services.keys import issue_key, revoke_key
from hashing.lists.services.partners import add_partner, create_list, entitle, withdraw_entitlement
from hashing.lists.services.proposing import propose
from hashing.lists.services.publishing import publish_pending
from hashing.lists.services.restarting import restart_list
from hashing.lists.services.rotating import end_key, own_keys, rotate_key
from hashing.lists.services.withdrawing import quarantine, release, withdraw, withdraw_picture

__all__ = [
    "Basis",
    "IssuedKey",
    "add_partner",
    "approve",
    "create_list",
    "end_key",
    "entitle",
    "expire_tombstones",
    "issue_key",
    "own_keys",
    "propose",
    "publish_pending",
    "quarantine",
    "reject",
    "release",
    "restart_list",
    "revoke_key",
    "rotate_key",
    "withdraw",
    "withdraw_entitlement",
    "withdraw_picture",
]
