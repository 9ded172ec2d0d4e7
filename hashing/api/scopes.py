"""What a key may do. A view names its scope; without it the answer is 403, and the log says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import transaction
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from hashing.api.callers import Caller
from hashing.lists.states import Scope, Wire
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import NotAllowed

if TYPE_CHECKING:
    # Its module loads this one, by the name in the settings.
    from rest_framework.views import APIView


class Scoped(BasePermission):
    """The caller has a key, and the key the view's scope (`scope`; without one any key will do)."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.user, Caller):
            return False
        scope: Scope | None = getattr(view, "scope", None)
        if scope is None or scope in request.user.key.scopes:
            return True
        _record(request.user)
        raise NotAllowed(f"This key's scopes don't include {scope.value}.", code="scope_missing")


def calling(request: Request) -> Caller:
    """The caller; Scoped has made sure that there is one."""
    return cast(Caller, request.user)


def _record(caller: Caller) -> None:
    with transaction.atomic():
        subject = Subject("partner", caller.partner.pk)
        ctx = Context.partner(caller.partner.pk)
        record(ctx, Verb.PARTNER_REFUSED, subject, wire=str(Wire.NATIVE), reason="scope")
