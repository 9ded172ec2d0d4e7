"""The portal's addresses, and beside them pages that do nothing but what a benchmark compares with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portal.agency.models import Agency
from portal.core import references
from portal.crypto import passwords
from portal.urls import urlpatterns as portal_addresses
from portal.vault import uploads


def page(request: HttpRequest) -> HttpResponse:
    """One query, one template."""
    return render(request, "errors/400.html", {"agency": Agency.objects.get()})


def derive(request: HttpRequest) -> HttpResponse:
    """The same with one Argon2id."""
    passwords.derive(references.new_access_code(), passwords.new_salt())
    return page(request)


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponse:
    """The same with an upload, which is encrypted while it arrives."""
    uploads.use_vault(request)
    return csrf_protect(_take)(request)


def _take(request: HttpRequest) -> HttpResponse:
    uploads.staged_files(request, "upload")
    return page(request)


urlpatterns = [
    path("bare/page", page),
    path("bare/derive", derive),
    path("bare/upload", upload),
    *portal_addresses,
]
