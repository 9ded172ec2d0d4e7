"""Open a case with its reference and access code.

Whoever asks causes the same work, whether the reference exists or not: the same queries, one Argon2id run.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case, CodeThrottle
from cases.networks import LOOPBACK
from cases.services.desk_keys import keys_of
from portal.audit import Subject, Verb, record, unrecorded
from portal.core import references
from portal.core.context import Context
from portal.core.errors import Invalid, TooMany
from portal.crypto import blind_index, case_keys, passwords, sealing, symmetric
from portal.crypto.case_keys import CaseKeys
from portal.crypto.errors import Unsealable

WINDOW = timedelta(minutes=15)
TRIES_PER_REFERENCE = 10
TRIES_PER_NETWORK = 60


@dataclass(frozen=True)
class Opened:
    """A case and its private key, for as long as somebody follows it."""

    case: Case
    private: bytes = field(repr=False)


def authenticate(ctx: Context, *, reference: str, code: str, network: str) -> Opened:
    """The case that reference and code open; `network` is `cases.networks.network_of`.

    Raises Invalid (code wrong_code) whichever of the two is wrong, TooMany after too many tries.
    """
    name = references.normalise(reference)
    _count(ctx, _key("reference", name), TRIES_PER_REFERENCE)
    if network != LOOPBACK:  # behind a proxy that hides addresses, it is everybody
        _count(ctx, _key("network", network), TRIES_PER_NETWORK)
    case = Case.objects.filter(reference=name, private_for_code__isnull=False).first()
    keys = _no_keys() if case is None else keys_of(case)
    try:
        private = case_keys.open_with_code(keys, code)
    except Unsealable:
        case = None
    if case is None:
        message = _("The reference or the code is not right. Check both, and try again.")
        raise Invalid(message, code="wrong_code")
    _followed(ctx, case, _key("reference", name))
    return Opened(case, private)


@transaction.atomic
def _followed(ctx: Context, case: Case, key: bytes) -> None:
    """A right code gives the reference its tries back; the network keeps its count."""
    CodeThrottle.objects.filter(pk=key).delete()
    as_person = Context(Context.person(case.id).actor, action_id=ctx.action_id, at=ctx.at)
    record(as_person, Verb.CASE_FOLLOWED, Subject("case", case.id), part="status")


@transaction.atomic
def _count(ctx: Context, key: bytes, most: int) -> None:
    """Count a try before it is made, so that guesses sent at once are counted too."""
    CodeThrottle.objects.bulk_create([CodeThrottle(key=key, window_started_at=ctx.at)], ignore_conflicts=True)
    row = CodeThrottle.objects.select_for_update().get(pk=key)
    if ctx.at - row.window_started_at >= WINDOW:
        row.attempts, row.window_started_at = 0, ctx.at
    if row.attempts >= most:
        wait = row.window_started_at + WINDOW - ctx.at
        message = _("There were too many tries.")
        raise TooMany(message, code="too_many_tries", retry_after=int(wait.total_seconds()) + 1)
    row.attempts += 1
    row.save(update_fields=["attempts", "window_started_at"])


@unrecorded("counters that limit nothing any more")
def forget_throttles(ctx: Context) -> int:
    """Delete counters whose window is over; how many."""
    return CodeThrottle.objects.filter(window_started_at__lte=ctx.at - WINDOW).delete()[0]


def _key(kind: str, value: str) -> bytes:
    return blind_index.keyed(f"cases.throttle.{kind}", value)


@lru_cache(maxsize=1)
def _no_keys() -> CaseKeys:
    """Keys that no code opens, in the stored form of real ones: the work for an unknown reference."""
    wrapped = symmetric.encrypt(os.urandom(32), os.urandom(32), b"no case")
    return CaseKeys(
        public=sealing.KeyPair.generate().public,
        private_for_desk=b"",
        private_for_code=bytes([passwords.CURRENT]) + wrapped,
        salt=passwords.new_salt(),
    )
