"""Which lists there are, and what was published on one since a cursor."""

from __future__ import annotations

from threading import BoundedSemaphore

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hashing.api import feed, forms
from hashing.api.rendering import PageAsJSON, PageAsLines
from hashing.api.scopes import calling
from hashing.api.views.base import PartnerView, context, problems
from hashing.lists import keys
from hashing.lists.models import Entitlement
from hashing.lists.states import Scope

# Of a process's threads, so many may wait for a list to move; whoever comes after that is answered at once.
_WAITING = BoundedSemaphore(3)


class Lists(PartnerView):
    scope = Scope.PULL

    @extend_schema(
        operation_id="lists",
        tags=["lists"],
        responses={200: forms.Lists, **problems()},
        summary="The lists that you may pull",
        description="What each list is, how far it has come, and what of it you are entitled to.",
    )
    def get(self, request: Request) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        entitled = Entitlement.objects.filter(partner=calling(request).partner).select_related("list")
        found = [forms.HashList(each).data for each in entitled.order_by("list__slug")]
        return Response({"lists": found})


class Publications(PartnerView):
    scope = Scope.PULL
    renderer_classes = (PageAsJSON, PageAsLines)

    @extend_schema(
        operation_id="publications",
        tags=["lists"],
        parameters=[forms.SLUG, forms.PullQuery],
        responses={
            (200, "application/json"): forms.Page,
            (200, "application/x-ndjson"): forms.PageLines,
            **problems(404, 410),
        },
        summary="What was published on a list after a cursor",
        description="Pull until `has_more` is false, then again from the last `next_cursor`. A `withdrawn` "
        "line names an entry to delete, a `quarantined` one an entry not to match by. With `wait` the answer "
        "comes when there is something, or when the time is over. 410: discard your copy, and start without "
        "a cursor.",
    )
    def get(self, request: Request, slug: str) -> Response:
        query = forms.checked(forms.PullQuery, request.query_params)
        key, partner = calling(request).key, calling(request).partner
        wanted = feed.Wanted(slug=slug, **query)
        if wanted.wait and _WAITING.acquire(blocking=False):
            try:
                feed.wait(partner, wanted)
            finally:
                _WAITING.release()
            keys.recheck(key)
        return Response(feed.pull(context(request), partner=partner, wanted=wanted))


class Mask(PartnerView):
    scope = Scope.PULL

    @extend_schema(
        operation_id="mask",
        tags=["lists"],
        parameters=[forms.SLUG],
        responses={200: forms.Mask, **problems(404)},
        summary="The secret that your regional codes are masked with",
        description="For partners entitled to regional codes. What you look up has to pass through the same "
        "mask; the partner kit does that. Keep it as you keep your key.",
    )
    def get(self, request: Request, slug: str) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        secret = feed.mask(context(request), partner=calling(request).partner, slug=slug)
        return Response(forms.Mask({"mask": secret.hex()}).data)
