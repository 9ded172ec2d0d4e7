"""What every page is given of the agency."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from portal.agency import context, selectors
from tests.factories import make_agency

LINE = {"name": "Night line", "phone": "116 006", "url": "", "hours": ""}


@pytest.mark.django_db
def test_an_installation_that_is_not_set_up_still_shows_pages() -> None:
    shown = context.agency(HttpRequest())["agency"]
    assert isinstance(shown, context.Shown)
    assert (shown.name, shown.exit_url, shown.helplines) == ("", "https://www.wikipedia.org/", [])


@pytest.mark.django_db
def test_the_agency_as_pages_show_it() -> None:
    make_agency(name="Safety Office", exit_url="https://weather.example/", helplines=[LINE])
    shown = context.agency(HttpRequest())["agency"]
    assert isinstance(shown, context.Shown)
    assert (shown.name, shown.neutral_name, shown.exit_url, shown.helplines) == (
        "Safety Office",
        "Updates",
        "https://weather.example/",
        [LINE],
    )


def test_the_second_page_asks_the_database_nothing(
    committed_db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_agency()
    context.agency(HttpRequest())
    with django_assert_num_queries(0):
        context.agency(HttpRequest())


def test_an_error_page_appears_without_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> None:
        raise OperationalError

    monkeypatch.setattr(selectors, "current", down)
    assert context.agency(HttpRequest())["agency"] == context.Shown()


@pytest.mark.django_db
def test_languages_by_their_own_names() -> None:
    with translation.override("ar"):
        languages = context._languages()
    assert [one["code"] for one in languages] == ["en", "es", "fr", "ar", "hi", "pt", "uk", "zh-hans"]
    assert languages[0] == {"code": "en", "name_local": "English", "dir": "ltr", "is_current": False}
    assert languages[3] == {"code": "ar", "name_local": "العربيّة", "dir": "rtl", "is_current": True}
