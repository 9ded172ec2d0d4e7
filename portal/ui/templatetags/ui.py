"""Template tags that every page has."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from django import forms, template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from portal.core import references

register = template.Library()

Tone: TypeAlias = Literal["grey", "green", "teal", "blue", "purple", "red", "orange", "yellow", ""]


@register.simple_tag
def asset(name: str) -> str:
    """The address of one of our own built files; a style sheet in the direction of the page's language."""
    if name.endswith(".css") and get_language_bidi():
        name = f"{name.removesuffix('.css')}.rtl.css"
    return static(name)


@register.simple_tag
def tag(label: str, tone: Tone = "") -> SafeString:
    """A state in words: `{% tag case.get_state_display "blue" %}`. The colour only repeats the words."""
    css_class = f"govuk-tag govuk-tag--{tone}" if tone else "govuk-tag"
    return format_html('<strong class="{}">{}</strong>', css_class, label)


@register.inclusion_tag("ui/summary_row.html")
def summary_row(label: str, value: Any, url: str = "", action: str = "") -> dict[str, Any]:
    """A row of a summary list; with `url`, a link to change it (`action` is its text)."""
    return {"label": label, "value": value, "url": url, "action": action or _("Change")}


@register.simple_tag
def error_summary(form: forms.BaseForm) -> SafeString:
    """The form's error summary, for the top of a page whose heading stands above `{{ form }}`.

    `{{ form }}` leaves its own summary out after this.
    """
    form.summary_shown = True  # type: ignore[attr-defined]  # read by form.html
    return form.render("django/forms/error_summary.html")


@register.filter
def defang(address: str) -> str:
    """A web address that nobody follows by mistake: hxxps://example[.]org/page."""
    scheme, separator, rest = address.partition("://")
    host, slash, path = rest.partition("/") if separator else scheme.partition("/")
    front = scheme.lower().replace("http", "hxxp") + separator if separator else ""
    return f"{front}{host.replace('.', '[.]').replace('@', '[at]')}{slash}{path}"


@register.filter
def grouped(code: str) -> SafeString:
    """A reference or access code in groups of four, kept left to right: ABCD-EFGH."""
    return format_html('<bdi class="app-code" dir="ltr">{}</bdi>', references.grouped(code))


@register.filter
def relative_time(at: datetime | None) -> SafeString:
    """How long ago, with the exact time for those who hover, print or listen."""
    if at is None:
        return conditional_escape("")
    local = timezone.localtime(at)
    exact = formats.date_format(local, "DATETIME_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, _in_words(at))


def _in_words(at: datetime) -> str:
    passed = timezone.now() - at
    if abs(passed) < timedelta(minutes=1):
        return _("just now")
    if passed < timedelta(0):
        return _("in %(time)s") % {"time": timeuntil(at, depth=1)}
    return _("%(time)s ago") % {"time": timesince(at, depth=1)}
