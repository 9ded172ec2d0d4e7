"""What the StopNCII wire's clients send: feedback by value, and hashes of their own. Tolerant of what they
write, since several of them write it wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from hashing.api.problems import BadRequest
from hashing.lists import records
from hashing.lists.models import List, PartnerKey, ServedRecord, WireRecord
from hashing.lists.reports import DisputeReason, Report, Value
from hashing.lists.services import give_feedback, pulling, require_room, submit
from hashing.lists.states import MediaType, Wire
from hashing.lists.submitted import Submitted
from portal.core.context import Context
from portal.core.errors import Invalid
from portal.crypto import blind_index

# In one call.
MOST = 1000
# The client's own words for each are in its source: a match; reviewed and it is; reviewed and inconclusive.
VALUES: dict[str, Value] = {
    "pendingreview": Value.SEEN,
    "qualityunknown": Value.SEEN,
    "blocked": Value.BLOCKED,
    "notblocked": Value.DISPUTED,
    "withdrawn": Value.TAKEN_BACK,
    "deleted": Value.TAKEN_BACK,
}
# Says nothing of the hash: tags alone.
SILENT = frozenset({"unknown", "none"})
KINDS = {"imagepdq": ("pdq", MediaType.IMAGE), "videomd5": ("md5", MediaType.VIDEO)}
_WORD = re.compile(r"[^a-z0-9]")


def submit_feedback(ctx: Context, *, key: PartnerKey, body: bytes) -> str:
    """Store what each feedback says of every entry that holds its value; the answer as JSON.

    A value that isn't on the list is no error: the client can't know what was withdrawn meanwhile.
    """
    given = _items(body, "hashFeedbacks")
    with transaction.atomic():
        hash_list = pulling.served_list(key)
        reports = [report for item in given for report in _reports(key, hash_list, item)]
        # In one order, so that two calls at once can't wait for each other.
        for report in sorted(reports, key=lambda report: report.entry_id):
            give_feedback(ctx, partner=key.partner, wire=Wire.STOPNCII, report=report)
    return json.dumps({"count": len(given), "stored": len(reports)})


def submit_hashes(ctx: Context, *, key: PartnerKey, body: bytes) -> str:
    """Put each hash before the desk; those of no kind or form that can be matched are left out."""
    given = _items(body, "hashRecords")
    require_room(key.partner, len(given))
    with transaction.atomic():
        pulling.served_list(key)
        stored = sum(_submission(ctx, key, item) for item in given)
    return json.dumps({"count": len(given), "stored": stored})


def _items(body: bytes, name: str) -> list[dict[str, Any]]:
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body must be JSON in UTF-8.", code="bad_body") from error
    items = whole.get(name) if isinstance(whole, dict) else None
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        raise BadRequest(f"{name} must be a list of objects.", code="bad_body")
    if len(items) > MOST:
        raise BadRequest(f"Send at most {MOST} at a time.", code="too_many")
    return items


def _reports(key: PartnerKey, hash_list: List, item: dict[str, Any]) -> Iterator[Report]:
    """What it says, for each entry that holds its value."""
    word = plain(item.get("feedbackValue"))
    if word in SILENT:
        return
    if word not in VALUES:
        raise BadRequest("feedbackValue isn't one of this wire's.", code="bad_feedback")
    value = VALUES[word]
    reason = _reason(item.get("tags")) if value is Value.DISPUTED else None
    for entry_id in _entries(key, hash_list, str(item.get("hashValue", "")).strip().lower()):
        yield Report(entry_id=entry_id, value=value, reason=reason)


def _entries(key: PartnerKey, hash_list: List, value: str) -> Iterator[UUID]:
    """Every entry that holds the value, by the list's record of it; the signal type isn't sent.

    What was withdrawn is known to those alone that were served it: the answer's count tells nobody else that
    it was ever there.
    """
    keys = [blind_index.keyed(f"lists.record.{kind}", value) for kind in records.KINDS]
    known = WireRecord.objects.filter(list=hash_list, value_key__in=keys)
    served = Exists(ServedRecord.objects.filter(record=OuterRef("pk"), partner=key.partner_id))
    for cases in known.filter(Q(value__isnull=False) | served).values_list("cases", flat=True):
        yield from map(UUID, cases)


def _reason(tags: object) -> DisputeReason:
    """A tag that is one of our reasons; else what NotBlocked itself means."""
    words = {plain(tag) for tag in tags} if isinstance(tags, list) else set()
    known = (reason for reason in DisputeReason if plain(reason.value) in words)
    return next(known, DisputeReason.INCONCLUSIVE)


def _submission(ctx: Context, key: PartnerKey, item: dict[str, Any]) -> bool:
    kind, media_type = KINDS.get(plain(item.get("signalType")), ("", MediaType.IMAGE))
    one = Submitted(kind, str(item.get("hashValue", "")).strip().lower())
    try:
        submit(ctx, partner=key.partner, wire=Wire.STOPNCII, fingerprints=[one], media_type=media_type)
    except Invalid:
        return False
    return True


def plain(word: object) -> str:
    """An enum's value however it is written: "Blocked", "blocked", "StopNCIISignalType.ImagePDQ"."""
    return _WORD.sub("", str(word).rpartition(".")[2].lower())
