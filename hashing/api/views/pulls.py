"""What the agency's log has on the caller's own pulls."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hashing.api import forms
from hashing.api.problems import BadRequest
from hashing.api.scopes import calling
from hashing.api.views.base import PartnerView, context, problems
from hashing.lists import pulls
from hashing.lists.states import Scope
from portal.core.errors import Invalid

_PAGE = 200


class Pulls(PartnerView):
    scope = Scope.PULL

    @extend_schema(
        operation_id="pulls",
        tags=["lists"],
        parameters=[forms.PullsQuery],
        responses={200: forms.Pulls, **problems()},
        summary="Your own pulls, as the agency's log has them",
        description="What you were given, when, and over which wire, the newest first.",
    )
    def get(self, request: Request) -> Response:
        query = forms.checked(forms.PullsQuery, request.query_params)
        viewer, partner = context(request).actor, calling(request).partner
        try:
            page = pulls.of_partner(viewer, partner, cursor=query.get("cursor", ""), size=_PAGE)
        except Invalid as error:
            advice = "Send next_cursor of the page before, or leave it out to start again."
            raise BadRequest(f"This is no cursor. {advice}", code="bad_cursor") from error
        return Response(forms.Pulls({"pulls": page.items, "next_cursor": page.next or None}).data)
