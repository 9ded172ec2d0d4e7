"""The Arabic catalogue: complete in form, and found again by our own extraction."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS
from babel.messages.pofile import read_po

from portal.ui import extraction

ROOT = Path(__file__).parents[3]
CATALOGUE = ROOT / "portal/locale/ar/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as source:
        return read_po(source)


def test_a_translation_keeps_the_placeholders(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id and isinstance(message.id, str) and message.string:
            assert sorted(PLACEHOLDER.findall(message.id)) == sorted(
                PLACEHOLDER.findall(str(message.string))
            ), message.id


def test_it_says_that_no_person_has_checked_it() -> None:
    assert "Machine-made" in CATALOGUE.read_text().partition("msgid")[0]


def test_what_everybody_sees_is_translated(catalogue: Catalog) -> None:
    for words in ("Leave this site now", "Continue", "Back", "There is a problem", "Talk to someone"):
        message = catalogue.get(words)
        assert message is not None
        assert re.search(r"[\u0600-\u06ff]", str(message.string)), words


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
