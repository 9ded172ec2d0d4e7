"""Template tags that every page has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.template import engines
from django.utils import translation

from portal.core import clock
from portal.ui.templatetags import ui


def render(source: str, **context: object) -> str:
    return str(engines["django"].from_string(source).render(context))


def test_style_sheets_follow_the_direction_of_the_language() -> None:
    assert ui.asset("app.css") == "/static/app.css"
    with translation.override("ar"):
        assert ui.asset("app.css") == "/static/app.rtl.css"
        assert ui.asset("app.js") == "/static/app.js"


def test_a_tag_says_its_state_in_words() -> None:
    assert ui.tag("In work", "blue") == '<strong class="govuk-tag govuk-tag--blue">In work</strong>'
    assert render("{% tag label %}", label="<b>") == '<strong class="govuk-tag">&lt;b&gt;</strong>'


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://example.org/a.b?c=http://d.e", "hxxps://example[.]org/a.b?c=http://d.e"),
        ("http://user@example.org", "hxxp://user[at]example[.]org"),
        ("HTTP://EXAMPLE.ORG/", "hxxp://EXAMPLE[.]ORG/"),
        ("example.org/page", "example[.]org/page"),
        ("", ""),
    ],
)
def test_addresses_are_defanged(address: str, shown: str) -> None:
    assert ui.defang(address) == shown


def test_references_come_in_groups_kept_left_to_right() -> None:
    assert ui.grouped("ABCD2345") == '<bdi class="app-code" dir="ltr">ABCD-2345</bdi>'


def test_a_group_never_carries_markup() -> None:
    assert "<script" not in ui.grouped("<script>")


def test_relative_time_names_the_exact_time() -> None:
    at = clock.now() - timedelta(hours=3)
    shown = ui.relative_time(at)
    assert f'datetime="{at.isoformat()}"' in shown
    assert shown.endswith(">3\xa0hours ago</time>")


def test_relative_time_of_now_and_never() -> None:
    assert ui.relative_time(clock.now()).endswith(">just now</time>")
    assert ui.relative_time(None) == ""


def test_relative_time_of_the_future_is_not_in_the_past() -> None:
    soon = datetime.now(UTC) + timedelta(hours=2, minutes=1)
    assert ui.relative_time(soon).endswith(">in 2\xa0hours</time>")


def test_a_summary_row_escapes_and_keeps_lines() -> None:
    row = render("{% summary_row 'Story' value %}", value="a <b>\nc")
    assert row.strip() == (
        '<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">Story</dt>'
        '<dd class="govuk-summary-list__value">a &lt;b&gt;<br>c</dd></div>'
    )


def test_a_summary_row_links_to_its_change() -> None:
    row = render('{% summary_row "Email" "x" url="/x" %}')
    assert (
        '<a class="govuk-link" href="/x">Change<span class="govuk-visually-hidden"> Email</span></a>' in row
    )


def test_tags_need_no_load() -> None:
    assert render("{{ code|grouped }}", code="ABCDE") == ui.grouped("ABCDE")
