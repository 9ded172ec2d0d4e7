"""What the catalogues say, string by string, so that a person can approve what a machine translated."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import to_locale


@dataclass(frozen=True)
class Wording:
    """One string and its translation; a text with forms for several numbers has one line for each.

    `digest` names both, so that an approval ends when either changes.
    """

    source: str
    target: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.source}\0{self.target}".encode()).hexdigest()


def languages() -> list[str]:
    """The codes of the languages that are translations: all but the one that the portal is written in."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


@lru_cache(maxsize=16)
def wordings(language: str) -> tuple[Wording, ...]:
    """Every string that is translated, in the catalogue's order. They change with the portal's version."""
    found = Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / "django.po"
    with found.open("rb") as source:
        catalogue = read_po(source)
    return tuple(
        Wording(_lines(message.id), _lines(message.string))
        for message in catalogue
        if message.id and any(_parts(message.string))
    )


def _lines(text: object) -> str:
    return "\n".join(_parts(text))


def _parts(text: object) -> Iterator[str]:
    yield from ([text] if isinstance(text, str) else map(str, text if isinstance(text, list | tuple) else ()))
