"""Visits to the public pages: drafts that only the visitor's cookie opens.

The cookie's token is 32 random bytes. The table holds its SHA-256 and the payload encrypted under a key
derived from it; the token itself is kept nowhere.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import transaction
from django.db.models import Q, QuerySet

from cases.models import Case, Purpose, Visit
from portal.audit import unrecorded
from portal.core.context import Context
from portal.crypto import aad, symmetric
from portal.crypto.errors import Unsealable
from portal.vault import services as vault
from portal.vault.models import PictureState

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=4)
SWEEP_BATCH = 200


@dataclass(frozen=True)
class Ends:
    """In how many seconds a visit ends: without another step, and whatever happens."""

    idle: int
    left: int


@dataclass
class OpenVisit:
    """A visit while its cookie is at hand. `payload` is JSON; changes are kept by `locked` only."""

    row: Visit
    token: str = field(repr=False)
    payload: dict[str, Any] = field(repr=False)
    ended: bool = False

    def ends(self, ctx: Context) -> Ends:
        return Ends(int(IDLE.total_seconds()), int((self.row.expires_at - ctx.at).total_seconds()))

    def since_begin(self, ctx: Context) -> timedelta:
        return ctx.at - (self.row.expires_at - ABSOLUTE)

    @property
    def binding(self) -> str:
        """What one-time codes are bound to."""
        return self.row.id


@unrecorded(
    "a draft that only its visitor's cookie opens; case.opened or case.followed tells what comes of it"
)
@transaction.atomic
def begin(ctx: Context, *, purpose: Purpose, payload: dict[str, Any], case: Case | None = None) -> OpenVisit:
    token = secrets.token_urlsafe(32)
    row = Visit(id=_id(token), purpose=purpose, case=case, seen_at=ctx.at, expires_at=ctx.at + ABSOLUTE)
    row.payload = _encrypt(token, payload)
    row.save(force_insert=True)
    return OpenVisit(row, token, payload)


@unrecorded("a draft that only its visitor's cookie opens, shown to that visitor")
def load(ctx: Context, *, token: str, purpose: Purpose) -> OpenVisit | None:
    """The visit, to read; None when it has ended, is of another purpose, or never was."""
    return _open(_current(ctx, token).filter(purpose=purpose).first(), token)


@unrecorded("a draft that only its visitor's cookie opens; what it does to a case is recorded")
@contextmanager
def locked(ctx: Context, *, token: str, purpose: Purpose) -> Iterator[OpenVisit | None]:
    """The visit with its row locked, in a transaction that keeps `payload` and counts as activity.

    Two requests of one visit, such as a last page submitted twice, come one after the other.
    """
    with transaction.atomic():
        rows = _current(ctx, token).filter(purpose=purpose)
        visit = _open(rows.select_for_update(of=("self",)).first(), token)
        yield visit
        if visit is not None and not visit.ended:
            visit.row.seen_at = ctx.at
            visit.row.payload = _encrypt(token, visit.payload)
            visit.row.save(update_fields=["seen_at", "payload", "case"])


@unrecorded("a visit goes on; what it does to a case is recorded")
def stay(ctx: Context, *, token: str) -> bool:
    """Count as activity, for a draft or a follow page; False when it is over."""
    return bool(_current(ctx, token).update(seen_at=ctx.at))


def is_over(ctx: Context, *, token: str) -> bool:
    """Whether a browser still holds the token of a visit that has ended, of either purpose."""
    return bool(token) and not _current(ctx, token).exists()


@unrecorded("a draft goes; its files' end is recorded as picture.shredded")
def end(ctx: Context, *, token: str) -> None:
    """End the visit now: its payload goes at once, its files with the next sweep."""
    Visit.objects.filter(pk=_id(token)).update(payload=b"", expires_at=ctx.at)


def end_locked(ctx: Context, visit: OpenVisit) -> None:
    """The same for a visit that this transaction has locked: nothing is kept at the end of `locked`."""
    end(ctx, token=visit.token)
    visit.ended = True


def sweep(ctx: Context) -> int:
    """Shred what ended visits left behind; how many visits went."""
    over = Visit.objects.filter(Q(expires_at__lte=ctx.at) | Q(seen_at__lte=ctx.at - IDLE))
    ids = list(over.order_by("expires_at").values_list("pk", flat=True)[:SWEEP_BATCH])
    return sum(_remove(ctx, pk) for pk in ids)


@transaction.atomic
def _remove(ctx: Context, pk: str) -> bool:
    over = Q(expires_at__lte=ctx.at) | Q(seen_at__lte=ctx.at - IDLE)
    rows = Visit.objects.select_for_update(skip_locked=True, of=("self",))
    row = rows.filter(over, pk=pk).first()
    if row is None:
        return False
    drop_pictures(ctx, row, reason="abandoned")
    row.delete()
    return True


def drop_pictures(ctx: Context, row: Visit, *, reason: str, only_sent: bool = False) -> None:
    """Shred every file of a locked visit that no case holds; with `only_sent` not what a device made."""
    rows = row.pictures.all()
    for held in rows.exclude(picture__state=PictureState.ON_DEVICE) if only_sent else rows:
        vault.shred(ctx, picture_id=held.picture_id, reason=reason)
        held.delete()


def _current(ctx: Context, token: str) -> QuerySet[Visit]:
    return Visit.objects.filter(pk=_id(token), expires_at__gt=ctx.at, seen_at__gt=ctx.at - IDLE)


def _open(row: Visit | None, token: str) -> OpenVisit | None:
    if row is None:
        return None
    try:
        opened = symmetric.decrypt(_key(token), bytes(row.payload), _place(row.id))
    except Unsealable:
        return None
    return OpenVisit(row, token, json.loads(opened))


def _encrypt(token: str, payload: dict[str, Any]) -> bytes:
    return symmetric.encrypt(_key(token), json.dumps(payload).encode(), _place(_id(token)))


def _id(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _key(token: str) -> bytes:
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"portal visit payload v1")
    return derivation.derive(token.encode())


def _place(row: str) -> bytes:
    return aad.bind("cases_visit", row, "payload")
