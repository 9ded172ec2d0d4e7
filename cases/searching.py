"""Searches over cases of the viewer's teams: by what is in clear, and by blind index of what is not.

What somebody types is turned into `Filters` once; an address bar, a log or a kept search holds those alone:
codes and 40-bit indexes, no contact, account or page.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Self
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from cases import addresses, selectors
from cases.models import Case, CaseTag, Handle, Location
from cases.services import handles
from cases.services.opening import contact_index
from cases.states import CaseState
from portal.agency import selectors as agency
from portal.core import references
from portal.core.context import Actor
from portal.core.errors import Invalid
from portal.verify import contacts

MOST = 1000  # what is counted: beyond it, "more than"
_LONGEST = 40


@dataclass(frozen=True)
class Filters:
    """ "" is any. state: a CaseState, "open" or "closed"; who: "me", "nobody" or a member of staff's id;
    by: reference, page, account or contact, and `key` is the reference or the index."""

    state: str = ""
    priority: str = ""
    platform: str = ""
    who: str = ""
    tag: str = ""
    by: str = ""
    key: str = ""

    @classmethod
    def read(cls, values: dict[str, str]) -> Self:
        """From an address or a kept search; what it doesn't know, it leaves out."""
        known = {one.name for one in fields(cls)}
        usable = {name: value[:_LONGEST] for name, value in values.items() if name in known}
        return cls(**{name: value for name, value in usable.items() if "\0" not in value})

    @property
    def said(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def query(self) -> str:
        """For an address: the same filters always give the same text."""
        return urlencode(self.said)


def key_of(typed: str) -> dict[str, str]:
    """What a person typed, as `by` and `key`: a page, @account, mail, telephone number or reference.

    Raises Invalid (code search_format) where it is none of them.
    """
    text = typed.strip()
    if not text:
        return {}
    if text.startswith("@") and "." not in text:
        return {"by": "account", "key": handles.index(handles.canonical(text))}
    if "@" in text and "/" not in text:
        return {"by": "contact", "key": contact_index(contacts.email(text))}
    if len(references.normalise(text)) == references.REFERENCE_LENGTH and "." not in text:
        return {"by": "reference", "key": references.normalise(text)}
    if "." in text and any(character.isalpha() for character in text):
        return {"by": "page", "key": addresses.index(addresses.normalise(text)[0])}
    try:
        number = contacts.phone(text, country=agency.current().jurisdiction)
    except Invalid as error:
        message = _("Enter a reference, a web address, an account such as @name, or a contact.")
        raise Invalid(message, code="search_format") from error
    return {"by": "contact", "key": contact_index(number)}


def found(actor: Actor, filters: Filters) -> QuerySet[Case]:
    """The cases of the viewer's teams that fit, unordered."""
    return selectors.visible(actor).filter(_clear(actor, filters), _blind(filters))


def counted(cases: QuerySet[Case]) -> int:
    """How many, at most MOST + 1: counting a million costs more than it says."""
    return cases.order_by()[: MOST + 1].count()


def in_words(count: int) -> str:
    return f"{MOST}+" if count > MOST else str(count)


def _clear(actor: Actor, filters: Filters) -> Q:
    wanted = Q()
    if filters.state in CaseState:
        wanted &= Q(state=filters.state)
    elif filters.state == "closed":
        wanted &= Q(closed_at__isnull=False)
    elif filters.state == "open":
        wanted &= Q(closed_at__isnull=True)
    if filters.priority.isdecimal():
        wanted &= Q(priority=int(filters.priority[:2]))
    if filters.tag:
        wanted &= _has(CaseTag.objects.filter(name=filters.tag))
    if filters.platform:
        wanted &= _has(Location.objects.filter(platform=filters.platform))
    return wanted & _owner(actor, filters.who)


def _owner(actor: Actor, who: str) -> Q:
    if not who:
        return Q()
    if who == "nobody":
        return Q(assignee=None)
    try:
        return Q(assignee=UUID(actor.id if who == "me" else who))
    except ValueError:
        return Q(pk__in=[])


def _blind(filters: Filters) -> Q:
    """By an index, or the reference; where a child is suspected, pages and accounts find nothing."""
    if filters.by == "reference":
        return Q(reference=filters.key)
    if filters.by == "contact":
        return Q(contact_index=filters.key)
    if filters.by == "page":
        return Q(child_suspected_at=None) & _has(Location.objects.filter(url_index=filters.key))
    if filters.by == "account":
        return Q(child_suspected_at=None) & _has(Handle.objects.filter(name_index=filters.key))
    return Q()


def _has(rows: QuerySet[CaseTag] | QuerySet[Location] | QuerySet[Handle]) -> Q:
    return Q(Exists(rows.filter(case=OuterRef("pk"))))
