"""The NCMEC wire's feedback: which reasons there are, and what a client says of an entry."""

from __future__ import annotations

import re
import uuid
from uuid import UUID
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from django.db import transaction

from hashing.api.problems import BadRequest
from hashing.interop.ncmec import HEAD, NAMESPACE
from hashing.lists.models import PartnerKey
from hashing.lists.reports import DisputeReason, Outline, Report, Value
from hashing.lists.services import give_feedback, pulling
from hashing.lists.services.partners import AGENCY_NUMBER
from hashing.lists.states import Wire
from portal.core.context import Context
from portal.core.errors import NotFound

TYPES = frozenset(
    {"MD5", "SHA1", "PDNA", "PDQ", "NETCLEAN", "VIDENTIFIER", "TMK_PDQF", "SSVH_PDNA", "SSVH_SAFER_HASH"}
)
# Entity declarations are how XML grows without end; this wire has no use for any.
_DECLARATION = re.compile("<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_OURS = uuid.UUID("6f7d3c1e-7f0b-5d0e-9a57-0d5f4a1c2b3e")
GUIDS: dict[str, DisputeReason] = {str(uuid.uuid5(_OURS, each.value)): each for each in DisputeReason}
_NAMES = {
    DisputeReason.INCONCLUSIVE: "Reviewed, inconclusive",
    DisputeReason.HARMLESS: "Matches something harmless",
    DisputeReason.WRONG_MATCH: "Matches other content",
    DisputeReason.PUBLISHED: "Published by the person themselves",
    DisputeReason.NOT_INTIMATE: "Nothing intimate",
    DisputeReason.BAD_VALUE: "Damaged fingerprint",
}


def reasons(kind: str) -> str:
    """The reasons for a negative feedback; the same for every type, with GUIDs that never change."""
    _check_type(kind)
    rows = "".join(
        f"<reason guid={quoteattr(guid)} name={quoteattr(_NAMES[reason])} type={quoteattr(kind)}/>"
        for guid, reason in GUIDS.items()
    )
    # One level down, which is where clients look for it.
    inner = f"<availableFeedbackReasons>{rows}</availableFeedbackReasons>"
    return f'{HEAD}<feedbackReasons xmlns="{NAMESPACE}">{inner}</feedbackReasons>'


def give(ctx: Context, *, key: PartnerKey, member: int, name: str, kind: str, body: bytes) -> None:
    """Store a feedback. An affirmative one says that somebody looked and it belongs there, not that anything
    was blocked. Raises BadRequest for what isn't a feedback, NotFound for no entry of the key's list.
    """
    _check_type(kind)
    value, reason = _said(body)
    # A variant is an entry of its own on this wire, `ENTRY.rotate90`: said of it, said of the entry.
    text, _dot, _variant = name.partition(".")
    with transaction.atomic():
        served = pulling.served_list(key)
        outline = Outline(kind.lower()) if kind in {"MD5", "PDQ"} else Outline()
        report = Report(entry_id=_entry(member, text), value=value, reason=reason, outline=outline)
        give_feedback(ctx, partner=key.partner, wire=Wire.NCMEC, report=report, hash_list=served)


def _entry(member: int, text: str) -> UUID:
    try:
        if member == AGENCY_NUMBER:
            return UUID(text)
    except ValueError:
        pass
    raise NotFound("There is no such entry on a list that you are entitled to.", code="no_such_entry")


def _check_type(kind: str) -> None:
    if kind not in TYPES:
        raise NotFound("There is no such type of fingerprint.", code="no_such_type")


def _said(body: bytes) -> tuple[Value, DisputeReason | None]:
    root = _parsed(body)
    tags = {_tag(child): child for child in root}
    if _tag(root) != "feedbackSubmission" or len(tags) != 1:
        raise BadRequest("Send a feedbackSubmission with one affirmative or negative.", code="bad_body")
    if "affirmative" in tags:
        return Value.SEEN, None
    if "negative" not in tags:
        raise BadRequest("Send a feedbackSubmission with one affirmative or negative.", code="bad_body")
    guids = [(each.text or "").strip().lower() for each in tags["negative"].iter() if _tag(each) == "guid"]
    if not guids or any(guid not in GUIDS for guid in guids):
        raise BadRequest("Give reasons by the guids that `reasons` names.", code="bad_reason")
    # The list keeps one reason: the first in its own order, whatever the order they came in.
    return Value.DISPUTED, next(GUIDS[guid] for guid in GUIDS if guid in guids)


def _parsed(body: bytes) -> ET.Element:
    """Read as UTF-8 whatever it calls itself: in another encoding a declaration could pass unseen."""
    try:
        text = body.decode("utf-8-sig")
        if _DECLARATION.search(text):
            raise BadRequest("The body must be XML without declarations.", code="bad_body")
        return ET.fromstring(text)  # noqa: S314 (declarations are refused above)
    except (UnicodeDecodeError, ET.ParseError) as error:
        raise BadRequest("The body must be XML in UTF-8.", code="bad_body") from error


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
