"""The journey: one neutral address, one thing per page.

GET shows the page that the visitor is on and changes nothing. POST names its page in `step`, acts, and
answers 303 to the same address, so that the history holds one harmless line.
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import cookies, limits
from cases.intake import pages, steps
from cases.intake.actions import FORMS, take
from cases.intake.draft import Draft
from cases.intake.steps import Step
from cases.intake.turn import Turn
from cases.models import Purpose
from cases.networks import network_of
from cases.services import visits
from cases.services.visits import OpenVisit
from portal.agency import selectors as agency
from portal.core.context import Context
from portal.vault import uploads


@csrf_exempt  # `_journey` checks it: the upload handler must be chosen before the body is read
@require_http_methods(["GET", "HEAD", "POST"])
def journey(request: HttpRequest) -> HttpResponse:
    ctx = Context.visitor()
    visit = visits.load(ctx, token=cookies.token_of(request), purpose=Purpose.REPORT)
    if request.method == "POST" and visit is not None and _takes_files(visit):
        uploads.use_vault(request, alive=lambda: _stay(request))
    try:
        response = _journey(request, ctx, visit)
    except uploads.UploadRefused:
        response = pages.no_files(request) if visit else pages.ended(request)
    add_never_cache_headers(response)
    return response


@csrf_protect
def _journey(request: HttpRequest, ctx: Context, visit: OpenVisit | None) -> HttpResponse:
    if request.method != "POST":
        return _shown(request, ctx, visit)
    if request.POST.get("step") == Step.START:
        return _begin(request, ctx)
    return _act(request, ctx)


def _shown(request: HttpRequest, ctx: Context, visit: OpenVisit | None) -> HttpResponse:
    if visit is not None:
        return pages.show(request, visit)
    if visits.is_over(ctx, token=cookies.token_of(request)):
        return cookies.forget(pages.ended(request))
    return pages.start(request)


def _begin(request: HttpRequest, ctx: Context) -> HttpResponse:
    """Begin a visit, unless there is one: then go on with it."""
    if request.POST.get("website"):
        return pages.start(request)
    if visits.load(ctx, token=cookies.token_of(request), purpose=Purpose.REPORT):
        return cookies.go("/")
    limits.spend("visit", network_of(request))
    visits.end(ctx, token=cookies.token_of(request))  # a follow visit: its cookie goes now
    visit = visits.begin(ctx, purpose=Purpose.REPORT, payload=Draft().write())
    return cookies.remember(cookies.go("/"), visit.token)


def _act(request: HttpRequest, ctx: Context) -> HttpResponse:
    with visits.locked(ctx, token=cookies.token_of(request), purpose=Purpose.REPORT) as visit:
        if visit is None:
            return pages.ended(request)
        turn = _turn(request, ctx, visit)
        if turn is None:
            return cookies.go("/")
        response = take(turn)
        visit.payload = turn.draft.write()
        if turn.refused:
            return pages.show(request, visit, form=turn.form, step=turn.step)
        return response or cookies.go("/")


def _turn(request: HttpRequest, ctx: Context, visit: OpenVisit) -> Turn | None:
    """None when the posted page isn't one that this visitor may be on: an old tab, or a made-up request."""
    draft = Draft.read(visit.payload)
    minor_route = agency.current().minor_route
    posted = request.POST.get("step")
    for step in steps.reachable(draft, minor_route):
        if step == posted:
            form = FORMS[step](request.POST, draft=draft)
            return Turn(ctx, request, visit, draft, step, form, minor_route)
    return None


def _takes_files(visit: OpenVisit) -> bool:
    return steps.takes_files(Draft.read(visit.payload), agency.current().minor_route)


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """The page's script says that somebody is still there. 204, or 410 when the visit is over."""
    return HttpResponse(status=HTTPStatus.NO_CONTENT if _stay(request) else HTTPStatus.GONE)


def _stay(request: HttpRequest) -> bool:
    return visits.stay(Context.visitor(), token=cookies.token_of(request))


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Away from here, at once: the visit ends and the browser drops what it holds of this site.

    The one GET that ends something: it has to work as a plain link, from any page, without JavaScript.
    """
    visits.end(Context.visitor(), token=cookies.token_of(request))
    response = cookies.forget(cookies.go(agency.current().exit_url))
    response.headers["Clear-Site-Data"] = '"cookies", "storage"'
    add_never_cache_headers(response)
    return response
