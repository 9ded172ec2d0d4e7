"""A list as the NCMEC Hash Sharing wire (version 2, XML) gives it.

The client owns the clock: it asks for a window of time, half open here, and never comes back to it. So a
window that isn't over is refused, and reading one waits for a publisher that is about to commit into it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID
from xml.sax.saxutils import escape

from django.db import transaction
from django.db.models import QuerySet

from hashing.lists import locking
from hashing.lists.models import Entry, EntryFingerprint, List, PartnerKey, Publication
from hashing.lists.services import pulling
from hashing.lists.services.partners import AGENCY_NUMBER
from hashing.lists.states import FeedState, State, Wire
from portal.agency import selectors as agency
from portal.agency.errors import NotSetUp
from portal.core.context import Context
from portal.core.errors import DomainError

NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
# Entries of this wire: a picture with all its variants is some sixty of them, and is never cut in two. Fewer
# make the client probe with ever smaller windows; more keep it, and the publisher, waiting.
PAGE = 5000
_SLICE = 500
TIME = "%Y-%m-%dT%H:%M:%SZ"
_EXACT = "exact"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


class WindowOpen(DomainError):
    """The window ends in the future: entries yet to come in it would be lost to the client."""


@dataclass(frozen=True)
class Window:
    """From `start` until before `end`, after the publication `after` (its row's number) within it."""

    start: datetime
    end: datetime
    after: int = 0


def entries(ctx: Context, *, key: PartnerKey, window: Window) -> str:
    """A page of the window, with a self-contained address of the next one if there is more."""
    with transaction.atomic():
        hash_list = pulling.served_list(key)
        position = pulling.begin(ctx, partner=key.partner, wire=Wire.NCMEC, hash_list=hash_list)
        locking.read_window()
        _check_over(window)
        given = _given(hash_list, window)
        page, more = _page(_rows(hash_list, window, given))
        images = list(_images(page))
        after = given.position if given and given.epoch == hash_list.epoch else 0
        handed = page[-1].position if page and page[-1].epoch == hash_list.epoch else after
        pulling.finish(ctx, position, after=after, handed=handed, entries=len(page))
        return _document(images, page, _next(window, page[-1].pk) if more else "")


def status(key: PartnerKey, address: str) -> str:
    """Who the caller is."""
    return (
        f'{HEAD}<status xmlns="{NAMESPACE}"><ipAddress>{escape(address)}</ipAddress>'
        f"<username>{escape(key.prefix)}</username>{_member(key.partner.number, key.partner.name)}</status>"
    )


def members() -> str:
    """Whose entries there are: the agency's, and nobody else's."""
    return f'{HEAD}<members xmlns="{NAMESPACE}">{_member(AGENCY_NUMBER, _agency_name())}</members>'


def _check_over(window: Window) -> None:
    if window.end > locking.database_now():
        message = "`to` is in the future. Set your computer's clock, and its time zone (TZ) to UTC."
        raise WindowOpen(message, code="window_open")


def _given(hash_list: List, window: Window) -> Publication | None:
    """The last line that a client which asks for this has surely been given, with all before it."""
    lines = Publication.objects.filter(list=hash_list)
    if window.after:
        return lines.filter(pk=window.after).first()
    return lines.filter(epoch=hash_list.epoch, at__lt=window.start).order_by("-at", "-position").first()


def _rows(hash_list: List, window: Window, given: Publication | None) -> QuerySet[Publication]:
    """What is left of the window, in order. A further page begins at the last one's time, so that it doesn't
    read again what lies before. All epochs: this wire's clients know none, and still need the tombstones of
    an earlier one."""
    start = max(window.start, given.at) if given and window.after else window.start
    rows = Publication.objects.filter(list=hash_list, at__gte=start, at__lt=window.end)
    return rows.filter(pk__gt=window.after).select_related("entry").order_by("at", "pk")


def _page(rows: QuerySet[Publication]) -> tuple[list[Publication], bool]:
    """Lines of as many elements as a page has, at least one line; and whether there are more."""
    page: list[Publication] = []
    elements = 0
    while True:
        found = list(rows[len(page) : len(page) + _SLICE])
        for row in found:
            elements += len(_variants(row.entry))
            if page and elements > PAGE:
                return page, True
            page.append(row)
        if len(found) < _SLICE:
            return page, False


def _images(page: Iterable[Publication]) -> Iterator[str]:
    """An element per variant: the wire holds one PDQ value per entry.

    A line that a later one has overtaken is left out: the later one is in this window or in a later one. The
    wire has no word for quarantine: that is a tombstone, and being restored is being new.
    """
    shown = [row for row in page if row.state != FeedState.ACTIVE or row.entry.state == State.LISTED]
    values = _values([row.entry_id for row in shown if row.state == FeedState.ACTIVE])
    member = _member(AGENCY_NUMBER, _agency_name())
    for row in shown:
        stamp = row.at.astimezone(UTC).strftime(TIME)
        for variant in _variants(row.entry):
            name = f"{row.entry_id}.{variant}" if variant else str(row.entry_id)
            if row.state != FeedState.ACTIVE:
                yield f"<deletedImage>{member}<id>{name}</id><timestamp>{stamp}</timestamp></deletedImage>"
                continue
            prints = "".join(
                f"<{kind}>{value}</{kind}>"
                for kind, value in (*values[row.entry_id, _EXACT], *values[row.entry_id, variant])
            )
            yield (
                f"<image>{member}<timestamp>{stamp}</timestamp><id>{name}</id>"
                f"<classification>{row.entry.category}</classification>"
                f"<fingerprints>{prints}</fingerprints></image>"
            )


def _variants(entry: Entry) -> list[str]:
    """The original goes by the entry's own name, and stands even when only exact fingerprints are listed."""
    return ["", *(variant for variant in entry.variants if variant not in {"", "original"})]


def _values(entry_ids: list[UUID]) -> dict[tuple[UUID, str], list[tuple[str, str]]]:
    """PDQ by entry and variant (the original's is ""), and MD5 by entry."""
    found: dict[tuple[UUID, str], list[tuple[str, str]]] = defaultdict(list)
    rows = EntryFingerprint.objects.filter(entry__in=entry_ids, kind__in=["md5", "pdq"])
    for entry_id, kind, variant, value in rows.values_list("entry_id", "kind", "variant", "value"):
        place = _EXACT if kind == "md5" else "" if variant == "original" else variant
        found[entry_id, place].append((kind, value))
    return found


def _document(images: list[str], page: list[Publication], next_page: str) -> str:
    newest = page[-1].at.astimezone(UTC).strftime(TIME) if images else ""
    stamp = f' maxTimestamp="{newest}"' if newest else ""
    paging = f"<paging><next>{escape(next_page)}</next></paging>" if next_page else ""
    return (
        f'{HEAD}<queryResult xmlns="{NAMESPACE}"><images count="{len(images)}"{stamp}>{"".join(images)}'
        f'</images><videos count="0"/>{paging}</queryResult>'
    )


def _next(window: Window, after: int) -> str:
    # Not by strftime, which writes early years without their zeros.
    span = {"from": _plain(window.start), "to": _plain(window.end)}
    return "/v2/entries?" + urlencode(span | {"start": after, "size": PAGE, "max": after + PAGE})


def _plain(time: datetime) -> str:
    return f"{time.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _member(number: int, name: str) -> str:
    return f'<member id="{number}">{escape(name)}</member>'


def _agency_name() -> str:
    try:
        return agency.current().name
    except NotSetUp:
        return "Agency"
