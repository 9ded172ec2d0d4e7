"""A draft becomes a case, all of it or nothing of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from cases.models import About, AgeRoute, Case, Circumstance, ConsentKind, Recipient
from portal.core.context import Context
from portal.verify.contacts import Contact


@dataclass(frozen=True)
class ConsentGiven:
    recipient: Recipient
    kind: ConsentKind


@dataclass(frozen=True)
class Report:
    """What a person tells us; `links` are normalised http(s) addresses, at most 50."""

    about: About
    age_route: AgeRoute
    circumstances: tuple[Circumstance, ...] = ()
    story: str = ""
    contact: Contact | None = None
    contact_verified: bool = False
    safety: str = ""
    links: tuple[str, ...] = ()
    consents: tuple[ConsentGiven, ...] = ()
    wording_version: str = ""
    language: str = "en"
    picture_ids: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Receipt:
    """`access_code` is shown to the person once and kept nowhere."""

    reference: str
    access_code: str
    case: Case


def open_case(ctx: Context, *, report: Report) -> Receipt:
    """Create the case, its keys, sealed fields, locations, pictures and consents in one transaction."""
    raise NotImplementedError
