"""The catalogues: complete, true to their placeholders, and found again by our own extraction."""

from __future__ import annotations

import re
from functools import cache, partial
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import to_locale

from portal.ui import extraction

ROOT = Path(__file__).parents[3]
FILES = {path.parts[-3]: path for path in sorted(ROOT.glob("portal/locale/*/LC_MESSAGES/django.po"))}
KEYWORDS = DEFAULT_KEYWORDS | {"gettext_lazy": None, "ngettext_lazy": (1, 2)}
PUBLIC_PAGES = (
    "templates/cases/intake/*.html",
    "templates/cases/follow/*.html",
    "templates/cases/figures/*.html",
    "templates/cases/notices/genuine.html",
    "templates/errors/*.html",
    "templates/ui/[!d]*.html",  # all but the desk's menu
    "templates/base.html",
    "templates/base_public.html",
    "portal/ui/form_templates/**/*.html",
)
PUBLIC_CODE = (
    "cases/intake/*.py",
    "cases/follow/*.py",
    "cases/figures/*.py",
    "cases/models/case.py",
    "cases/models/consent.py",
    "cases/codes.py",
    "cases/wording.py",
    "cases/limits.py",
    "portal/verify/*.py",
    "portal/notify/*.py",
    "portal/vault/refusals.py",
    "portal/core/error_pages.py",
    "portal/ui/templatetags/*.py",
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@cache
def catalogue(language: str) -> Catalog:
    with FILES[language].open("rb") as source:
        return read_po(source)


def test_there_is_one_for_every_language() -> None:
    languages = {to_locale(code) for code, _name in settings.LANGUAGES} - {"en"}
    assert set(FILES) == languages
    assert len(languages) == 7


@pytest.mark.parametrize("language", FILES)
def test_a_translation_keeps_the_placeholders(language: str) -> None:
    for message in catalogue(language):
        if message.id and isinstance(message.id, str) and message.string:
            assert sorted(PLACEHOLDER.findall(message.id)) == sorted(
                PLACEHOLDER.findall(str(message.string))
            ), message.id


@pytest.mark.parametrize("language", FILES)
def test_it_says_that_no_person_has_checked_it(language: str) -> None:
    assert "Machine-made" in FILES[language].read_text().partition("msgid")[0]


@cache
def public_strings() -> list[str]:
    """Every string of the public pages, wherever it stands; the desk's may wait."""
    extract_python = partial(extract_from_file, "python", keywords=KEYWORDS)
    shown = {
        words for place in PUBLIC_CODE for path in ROOT.glob(place) for _, words, *_ in extract_python(path)
    }
    for place in PUBLIC_PAGES:
        for path in ROOT.glob(place):
            with path.open("rb") as source:
                shown |= {words for _, _, words, _ in extraction.templates(source, KEYWORDS, [], {})}
    ids = [words[0] if isinstance(words, tuple) else words for words in shown]
    assert len(ids) > 400
    return sorted(ids)


@pytest.mark.parametrize("language", FILES)
def test_what_the_public_sees_is_translated(language: str) -> None:
    """A string that has changed counts as missing: it is looked up by its words, and never guessed."""
    found = {one: catalogue(language).get(one) for one in public_strings()}
    assert [one for one, message in found.items() if not (message and all(message.string or ("",)))] == []
    assert not [message.id for message in found.values() if message and message.fuzzy]


def test_templates_strings_are_found_whatever_stands_around_them() -> None:
    page = b"""<p>
      {% translate "One" %}
    {% if x %}(  {% translate 'Two' as two %}{{ "it's"|upper }}
  {% blocktranslate with a=b %}Three {{ a }}{% endblocktranslate %}
      {% blocktranslate count n=n %}{{ n }} file{% plural %}{{ n }} files{% endblocktranslate %}
          {{ x|default:_("Four") }}"""
    found = extraction.templates(BytesIO(page), DEFAULT_KEYWORDS, [], {})
    strings = [strings for _line, _function, strings, _comments in found]
    assert strings == ["One", "Two", "Three %(a)s", ("%(n)s file", "%(n)s files", None), "Four"]
