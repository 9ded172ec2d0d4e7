"""Pages for requests that can't be answered as asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """The form was too old, or came from another site."""
    return render(request, "errors/form_expired.html", status=403)
