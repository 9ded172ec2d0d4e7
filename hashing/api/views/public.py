"""What needs no key: where things are, whose signatures count, and whether all is well."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hashing.api import forms, standing
from hashing.api.callers import Caller
from hashing.api.views.base import PublicView, problems
from hashing.lists import signing


class Start(PublicView):
    """What there is, for somebody who tries the address of the API itself."""

    schema = None

    def get(self, request: Request) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        names = ("lists", "schema", "signing-keys", "status")
        return Response({name: request.build_absolute_uri(reverse(f"api:{name}")) for name in names})


class SigningKeys(PublicView):
    @extend_schema(
        operation_id="signing_keys",
        tags=["service"],
        responses={200: forms.SigningKeys, **problems()},
        summary="The public keys of signatures",
        description="A JWK set: today's key first, then the next one and those that it replaced. Fetch it "
        "again when a signature names a key that you don't know, at most once an hour.",
    )
    def get(self, request: Request) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        return Response(signing.key_set())


class Status(PublicView):
    @extend_schema(
        operation_id="status",
        tags=["service"],
        responses={200: forms.Status, **problems()},
        summary="Whether all is well",
        description="How old the oldest change is that isn't published yet, and whether look-ups are "
        "answered. With a key: your lists, and how far each has come.",
    )
    def get(self, request: Request) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        caller = request.user if isinstance(request.user, Caller) else None
        return Response(forms.Status(standing.of(caller.partner if caller else None)).data)


class Nothing(PublicView):
    """Any other address below /api/: a problem, not a page."""

    schema = None
    http_method_names = ("get", "post", "put", "patch", "delete")

    def get(self, request: Request, **_rest: Any) -> Response:  # noqa: ARG002 (the address is all there is)
        raise Http404

    post = put = patch = delete = get
