"""The native API: which lists, and what was published on one since a cursor."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hashing.api import feed, forms
from hashing.api.callers import Caller
from hashing.lists.models import Entitlement
from portal.core.context import Context

_REFUSALS = dict.fromkeys((400, 401, 404, 429), forms.Problem)
_PRIVATE = {"Cache-Control": "no-store"}


class Start(APIView):
    """What there is, for somebody who tries the address of the API itself."""

    permission_classes = (AllowAny,)
    schema = None

    def get(self, request: Request) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        addresses = {name: request.build_absolute_uri(reverse(f"api:{name}")) for name in ("lists", "schema")}
        return Response(addresses, headers=_PRIVATE)


class Lists(APIView):
    @extend_schema(responses={200: forms.Lists, 401: forms.Problem}, summary="The lists that you may pull")
    def get(self, request: Request) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        entitled = Entitlement.objects.filter(partner=_caller(request).partner).select_related("list")
        lists = [each.list for each in entitled.order_by("list__slug")]
        return Response(forms.Lists({"lists": lists}).data, headers=_PRIVATE)


class Publications(APIView):
    @extend_schema(
        parameters=[forms.PullQuery],
        responses={200: forms.Page, 410: forms.Problem, **_REFUSALS},
        summary="What was published on a list after a cursor",
        description="Pull until `has_more` is false, then again from the last `next_cursor`. A `withdrawn` "
        "line names an entry to delete. 410: discard your copy, and start without a cursor.",
    )
    def get(self, request: Request, slug: str) -> Response:
        query = forms.checked(forms.PullQuery, request.query_params)
        partner = _caller(request).partner
        page = feed.pull(
            Context.partner(partner.pk),
            partner=partner,
            slug=slug,
            cursor=query.get("cursor"),
            limit=query["limit"],
        )
        return Response(page, headers=_PRIVATE)


class Nothing(APIView):
    """Any other address below /api/: a problem, not a page."""

    permission_classes = (AllowAny,)
    schema = None

    def get(self, request: Request, **_rest: Any) -> Response:  # noqa: ARG002 (the address is all there is)
        raise Http404


def _caller(request: Request) -> Caller:
    """The caller; IsAuthenticated has made sure that there is one."""
    return cast(Caller, request.user)
