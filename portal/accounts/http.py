"""The desk's doors: who is asking, may they, and have they just shown their second factor.

@staff(Perm.PICTURE_REVEAL)
@step_up
@require_POST
def reveal(request: StaffRequest, ...) -> HttpResponse: ...
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from portal.accounts import policy, sessions
from portal.accounts.models import Staff
from portal.accounts.roles import Perm
from portal.accounts.stepping_up import ask_or_continue
from portal.core.context import Actor, Context

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request by somebody who is logged in with both factors. For types only: nothing makes one."""

    user: Staff
    actor: Actor
    ctx: Context


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff(perm: Perm | None = None) -> Callable[[StaffView[P]], View[P]]:
    """Lets in staff who are logged in with both factors and whose role holds `perm`.

    Anybody else is sent to log in, or refused with NotAllowed. Which team's case it is, the selector or
    service behind the view checks. Pages are never stored by a browser or a proxy.
    """

    def decorate(view: StaffView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            known = _identify(request)
            if known is None:
                response: HttpResponseBase = _to_login(request)
            else:
                if perm is not None:
                    policy.require_role(known.actor, perm)
                response = view(known, *args, **kwargs)
            response["Cache-Control"] = "no-store"
            return response

        return guarded

    return decorate


def step_up(view: StaffView[P]) -> StaffView[P]:
    """Asks for a code again unless one was given within five minutes.

    The page that asks carries the posted fields along as hidden fields and posts back to the same address,
    so the view then runs as if nothing had come between. Goes under @staff.
    """

    @wraps(view)
    def guarded(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if sessions.is_stepped_up(request.session):
            return view(request, *args, **kwargs)
        asked = ask_or_continue(request, request.ctx, request.user)
        return view(request, *args, **kwargs) if asked is None else asked

    return guarded


def _identify(request: HttpRequest) -> StaffRequest | None:
    """The request with its actor and context, or None if nobody is logged in with both factors."""
    user = request.user
    if not isinstance(user, Staff) or user.otp_device is None:
        return None
    if not sessions.still_open(request.session):
        sessions.close(request)
        return None
    known = cast("StaffRequest", request)
    known.actor = user.actor
    known.ctx = Context(known.actor)
    return known


def _to_login(request: HttpRequest) -> HttpResponseBase:
    """To the log-in page, and back here afterwards if this was a page that can be asked for again."""
    address = reverse("accounts:login")
    if request.method == "GET":
        address += "?" + urlencode({"next": request.get_full_path()})
    return redirect(address)
