"""A public page for whoever got a letter: is it ours, when was it sent, to whom. Not what it says."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases import limits
from cases.networks import network_of
from cases.notices import selectors
from cases.services import notice_checking
from portal.core.context import Context


@require_safe
@never_cache
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """With the digests, to compare a letter byte by byte. A link that we never gave out is not found."""
    limits.spend("letter", network_of(request))
    row = selectors.given_out(token)
    notice_checking.checked(Context.visitor(), notice_id=row.pk)
    copies = sorted(row.copies.all(), key=lambda copy: copy.form)
    return render(request, "cases/notices/genuine.html", {"notice": row, "copies": copies})
