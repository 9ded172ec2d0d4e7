"""Asking for the second factor once more, without losing what was being sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from portal.core.context import Context


def ask_or_continue(request: HttpRequest, ctx: Context) -> HttpResponse | None:
    """The page that asks for a code; None once the right code came and the view may go on."""
    raise NotImplementedError
