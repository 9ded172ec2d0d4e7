"""A removal notice: the union of what every regime asks for, in one record. Never a picture.

The record is what somebody writes and somebody else approves; `digest` binds the two. When it is sent, it
gets its time, and the letter in every form is made from it (cases.notices.letter).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self


class Basis(StrEnum):
    """By which of the two doors the person came."""

    COMPLAINT = "complaint"  # shared without consent
    OBJECTION = "objection"  # the person objects, whatever they once agreed to


class Standing(StrEnum):
    """Who the person that reported is to the one who is shown."""

    SELF = "self"
    AUTHORISED = "authorised"
    PARENT = "parent"


class Action(StrEnum):
    """What the service is asked to do, beside removing what the addresses show."""

    COPIES = "copies"  # remove the same and substantially the same
    BLOCK = "block"  # stop the attached fingerprints from being uploaded again
    PRESERVE = "preserve"  # keep logs and evidence for the police
    DEINDEX = "deindex"  # take it out of search results
    SILENCE = "silence"  # don't tell the uploader who asked


@dataclass(frozen=True)
class Issuer:
    """The agency that writes, by role and not by name."""

    agency: str
    role: str
    email: str
    phone: str
    country: str  # ISO 3166-1 alpha-2


@dataclass(frozen=True)
class Recipient:
    """`language` is the one that its contact point accepts."""

    service: str
    email: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Item:
    """One thing to remove, sufficiently identified to be found. Times are ISO 8601, UTC."""

    url: str
    content_id: str = ""
    account: str = ""
    seen_at: str = ""
    capture: str = ""


@dataclass(frozen=True)
class Fingerprint:
    kind: str  # sha256, pdq
    value: str


@dataclass(frozen=True)
class Signature:
    """A typed name with its time, and on whose authority it stands where it isn't the person's own."""

    name: str
    at: str
    authority: str = ""


@dataclass(frozen=True)
class Notice:
    """Every regime's letter is written from this alone. Empty text means: nothing to say."""

    reference: str
    regime: str
    issuer: Issuer
    recipient: Recipient
    items: tuple[Item, ...]
    description: str  # what the items show, without graphic detail
    basis: Basis
    standing: Standing
    synthetic: bool  # made or changed with a computer
    hours: int
    reasons: str = ""
    provision: str = ""  # of national law, where an order rests on one
    territory: str = ""  # where an order has effect
    redress: str = ""
    good_faith: bool = False
    accurate: bool = False
    signature: Signature | None = None
    actions: tuple[Action, ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()
    cover: str = ""  # the agency's own words in the recipient's language
    sent_at: str = ""  # ISO 8601, UTC; "" until it is sent
    check_url: str = ""  # where the recipient can see that the letter is genuine

    @property
    def due_at(self) -> datetime | None:
        sent = datetime.fromisoformat(self.sent_at) if self.sent_at else None
        return sent + timedelta(hours=self.hours) if sent else None

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what is approved: all but what sending adds."""
        return hashlib.sha256(replace(self, sent_at="", check_url="").to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """Canonical: the same record always gives the same bytes."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        values: dict[str, Any] = json.loads(text)
        signature = values["signature"]
        values |= {
            "issuer": Issuer(**values["issuer"]),
            "recipient": Recipient(**values["recipient"]),
            "items": tuple(Item(**item) for item in values["items"]),
            "basis": Basis(values["basis"]),
            "standing": Standing(values["standing"]),
            "actions": tuple(Action(action) for action in values["actions"]),
            "fingerprints": tuple(Fingerprint(**one) for one in values["fingerprints"]),
            "signature": Signature(**signature) if signature else None,
        }
        return cls(**values)


NAMES = frozenset(one.name for one in fields(Notice))


@dataclass(frozen=True)
class Missing(Exception):
    """The regime asks for something that the record doesn't hold. `fields` are names of Notice."""

    fields: tuple[str, ...] = field(default=())
