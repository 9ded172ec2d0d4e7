"""Figures of the lists for the public, and the signed statements that anyone may keep and check."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from hashing.lists import figures
from portal.core.errors import NotFound


@require_safe
@cache_control(max_age=300)
def show(request: HttpRequest) -> HttpResponse:
    return render(request, "cases/figures/figures.html", {"figures": figures.current()})


@require_safe
@cache_control(max_age=300)
def statements(_request: HttpRequest, slug: str) -> HttpResponse:
    """A signed statement a line, the newest first: what `manage.py statements verify --against` takes."""
    rows = figures.statements_of(slug)
    if not rows:
        raise NotFound(_("There is nothing here."), code="no_statements")
    text = "".join(f"{row.signed}\n" for row in rows)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
