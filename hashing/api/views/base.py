"""What all addresses of the native API share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hashing.api import deprecations, encoding, forms
from hashing.api.scopes import calling
from hashing.lists.states import Scope
from portal.core.context import Context
from portal.core.error_pages import PROBLEM


class PartnerView(APIView):
    """Needs a key with the view's scope. Only the methods that are written are answered."""

    scope: ClassVar[Scope | None] = None
    http_method_names: Sequence[str] = ("get", "post", "delete")

    def finalize_response(self, request: Request, response: Response, *rest: Any, **more: Any) -> Response:
        found = super().finalize_response(request, response, *rest, **more)
        found.headers.setdefault("Cache-Control", "no-store")
        match = request.resolver_match
        deprecations.mark(found, match.url_name if match else None)
        # A file that is streamed isn't DRF's, whatever the types say: it goes as it is.
        if hasattr(found, "add_post_render_callback"):
            accepted = request.headers.get("Accept-Encoding", "")
            found.add_post_render_callback(lambda done: encoding.finish(accepted, done))
        return found


class PublicView(PartnerView):
    """Answers without a key; a key that is sent is checked all the same."""

    permission_classes = (AllowAny,)


def problems(*statuses: int) -> dict[tuple[int, str], type[forms.Problem]]:
    """For the OpenAPI description: which refusals there are, beside those that every address knows."""
    every = {400, 401, 403, 406, 429, *statuses}
    return {(status, PROBLEM): forms.Problem for status in sorted(every)}


def context(request: Request) -> Context:
    return Context.partner(calling(request).partner.pk)
