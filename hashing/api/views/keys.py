"""A partner sees, rotates and ends its own keys."""

from __future__ import annotations

from datetime import timedelta

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hashing.api import forms
from hashing.api.scopes import calling
from hashing.api.views.base import PartnerView, context, problems
from hashing.lists import services
from hashing.lists.states import Scope


class Keys(PartnerView):
    scope = Scope.KEYS

    @extend_schema(
        operation_id="keys",
        tags=["keys"],
        responses={200: forms.Keys, **problems()},
        summary="Your live keys",
        description="Those of every wire, the oldest first; of each all but its secret.",
    )
    def get(self, request: Request) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        ctx = context(request)
        found = services.own_keys(calling(request).partner, ctx.at)
        return Response(forms.Keys({"keys": found}).data)

    @extend_schema(
        operation_id="rotate_key",
        tags=["keys"],
        request=forms.Rotation,
        responses={201: forms.NewKey, **problems(404, 409, 413, 415)},
        summary="Replace a key",
        description="The new key is on the terms of the old one, which ends after the overlap. Two of a wire "
        "and list are live at a time. If the answer is lost, end the key that you don't know, and rotate "
        "again.",
    )
    def post(self, request: Request) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        wanted = forms.read(forms.Rotation, request.data)
        caller = calling(request)
        issued = services.rotate_key(
            context(request),
            partner=caller.partner,
            prefix=wanted.get("prefix", caller.key.prefix),
            overlap=timedelta(seconds=wanted["overlap_seconds"]),
        )
        return Response({"prefix": issued.prefix, "secret": issued.secret}, status=201)


class Key(PartnerView):
    scope = Scope.KEYS

    @extend_schema(
        operation_id="end_key",
        tags=["keys"],
        parameters=[forms.PREFIX_PARAMETER],
        responses={204: OpenApiResponse(description="It is over."), **problems(404)},
        summary="End a key at once",
        description="One of yours, also the one that you call with. Ending it again changes nothing.",
    )
    def delete(self, request: Request, prefix: str) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        services.end_key(context(request), partner=calling(request).partner, prefix=prefix)
        return Response(status=204)
