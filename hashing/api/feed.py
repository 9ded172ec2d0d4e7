"""A list's publications as a partner pulls them."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from hashing.api import cursors
from hashing.fingerprints.models import RegionalFingerprint, Source
from hashing.fingerprints.regional import masking
from hashing.lists import lines, moving
from hashing.lists.models import Entitlement, List, Partner
from hashing.lists.refusals import NotForYou
from hashing.lists.services import pulling
from hashing.lists.states import Wire
from portal.audit import Subject, Verb, record
from portal.core.context import Context


@dataclass(frozen=True)
class Wanted:
    """A page of a list. `wait`: how many seconds to wait for something to come, if there is nothing yet."""

    slug: str
    limit: int
    cursor: str | None = None
    wait: int = 0
    regional: bool = False


@dataclass(frozen=True)
class Page:
    """Each line's JSON, and where to go on."""

    lines: Sequence[str]
    next_cursor: str
    has_more: bool


def pull(ctx: Context, *, partner: Partner, wanted: Wanted) -> Page:
    """A page of what follows the cursor, in order; the pull is recorded in the same transaction."""
    if wanted.regional:
        _check_regional(partner, wanted.slug)
    with transaction.atomic():
        given = pulling.entitlement(partner, wanted.slug)
        hash_list = given.list
        after = _after(hash_list, wanted)
        position = pulling.begin(ctx, partner=partner, wire=Wire.NATIVE, hash_list=hash_list)
        found = lines.page(hash_list, after=after, limit=wanted.limit + 1)
        page, more = found[: wanted.limit], len(found) > wanted.limit
        last = page[-1].position if page else after
        pulling.finish(ctx, position, after=after, handed=last, entries=len(page))
        texts = _with_regional(given, page) if wanted.regional else [line.text for line in page]
        return Page(texts, cursors.encode(hash_list, last), more)


def wait(partner: Partner, wanted: Wanted) -> None:
    """Until there is something after the cursor, or the time is over; no connection is held meanwhile."""
    hash_list = pulling.entitled_list(partner, wanted.slug)
    moving.wait(hash_list.pk, hash_list.epoch, _after(hash_list, wanted), wanted.wait)


def _after(hash_list: List, wanted: Wanted) -> int:
    return cursors.decode(hash_list, wanted.cursor) if wanted.cursor is not None else 0


def mask(ctx: Context, *, partner: Partner, slug: str) -> bytes:
    """The secret of this partner's mask on a list: without it, its regional codes match nothing."""
    _check_regional(partner, slug)
    with transaction.atomic():
        given = pulling.entitlement(partner, slug)
        record(ctx, Verb.PARTNER_MASK_GIVEN, Subject("partner", partner.pk), list=given.list.slug)
        return masking.secret(partner_id=partner.pk, list_id=given.list_id)


def _check_regional(partner: Partner, slug: str) -> None:
    if not pulling.entitlement(partner, slug).regional:
        refusal = NotForYou("You aren't entitled to this list's regional codes.", code="no_regional")
        raise refusal.because(partner_id=partner.pk, wire=Wire.NATIVE, reason="regional")


def _with_regional(given: Entitlement, page: Sequence[lines.Line]) -> list[str]:
    """The lines, with regional codes masked for this partner and list where the person consented to that.

    Codes that a device made answer look-ups here and leave for nobody: no one has seen what they are of.
    """
    pictures = {line.regional_of for line in page if line.regional_of is not None}
    found: dict[UUID, list[dict[str, str | int]]] = defaultdict(list)
    rows = RegionalFingerprint.objects.filter(picture_id__in=pictures, source=Source.SERVER)
    for row in rows.order_by("version", "box"):
        masked = masking.outgoing_fingerprint(row.codes, partner_id=given.partner_id, list_id=given.list_id)
        one: dict[str, str | int] = {
            "version": row.version,
            "box": row.box,
            "codes": base64.b64encode(masked).decode(),
        }
        found[row.picture_id].append(one)
    return [
        f'{line.text[:-1]},"regional":{json.dumps(found[line.regional_of])}}}'
        if line.regional_of
        else line.text
        for line in page
    ]
