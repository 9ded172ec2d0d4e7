"""`Authorization: Bearer prefix.secret`, for the native API."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from hashing.api.callers import Caller, caller
from hashing.lists.models import PartnerKey
from hashing.lists.states import Wire


class PartnerKeyAuthentication(BaseAuthentication):
    """None without the header, so that public addresses stay public; a bad key is refused everywhere."""

    def authenticate(self, request: Request) -> tuple[Caller, PartnerKey] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        prefix, _, secret = token.strip().partition(".")
        who = caller(request._request, prefix=prefix, secret=secret, wire=Wire.NATIVE)  # noqa: SLF001 (DRF's documented way to Django's request)
        return who, who.key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 (DRF's signature)
        return 'Bearer realm="partners"'
