"""What a key may do. What needs a scope that the key hasn't is answered with 403, and the log says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from hashing.api.callers import Caller
from hashing.lists.refusals import NotForYou
from hashing.lists.states import Scope, Wire

if TYPE_CHECKING:
    # Its module loads this one, by the name in the settings.
    from rest_framework.views import APIView


class Scoped(BasePermission):
    """The native API: the caller has a key, and the key its view's `scope` (without one any key will do)."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.user, Caller):
            return False
        scope: Scope | None = getattr(view, "scope", None)
        if scope is not None:
            need(request.user, scope)
        return True


def need(who: Caller, scope: Scope) -> None:
    """Raises NotForYou when the key hasn't the scope."""
    if scope not in who.key.scopes:
        refusal = NotForYou(f"This key's scopes don't include {scope.value}.", code="scope_missing")
        raise refusal.because(partner_id=who.partner.pk, wire=Wire(who.key.wire), reason="scope")


def calling(request: Request) -> Caller:
    """The caller; Scoped has made sure that there is one."""
    return cast(Caller, request.user)
