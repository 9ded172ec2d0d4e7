"""What every page shows of the agency."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from portal.agency import selectors
from portal.agency.errors import NotSetUp
from portal.agency.models import Agency


class Helpline(TypedDict):
    name: str
    phone: str
    url: str
    hours: str


class Language(TypedDict):
    code: str
    name_local: str
    dir: str
    is_current: bool


@dataclass(frozen=True)
class Shown:
    """The agency as pages show it; the defaults are for an installation that is not set up yet."""

    name: str = ""
    neutral_name: str = ""
    exit_url: str = "https://www.wikipedia.org/"
    helplines: list[Helpline] = field(default_factory=list)
    reference_contact: str = ""


def agency(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 (Django's signature)
    """`agency` and `languages` for every template."""
    return {"agency": _shown(), "languages": _languages()}


def _shown() -> Shown:
    try:
        row: Agency = selectors.current()
    except (NotSetUp, DatabaseError, InterfaceError):
        # An error page must still appear when the database is what failed.
        return Shown()
    return Shown(row.name, row.neutral_name, row.exit_url, row.helplines, row.reference_contact)


def _languages() -> list[Language]:
    active = get_language()
    return [_language(code, active) for code, _name in settings.LANGUAGES]


def _language(code: str, active: str | None) -> Language:
    info = get_language_info(code)
    return {
        "code": code,
        "name_local": info["name_local"],
        "dir": "rtl" if info["bidi"] else "ltr",
        "is_current": code == active,
    }
