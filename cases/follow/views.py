"""Follow a case with its reference and code: one address; the buttons say what they do in `go`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases import cookies
from cases.follow import pages, session
from cases.follow.actions import ACTIONS, Turn
from cases.follow.forms import EnterForm
from cases.follow.session import Following
from cases.models import Purpose
from cases.networks import network_of
from cases.services import visits
from cases.services.following import authenticate
from portal.core.context import Context
from portal.core.errors import Invalid


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request)
    action = request.POST.get("go", "")
    if action == "enter":
        return _enter(request)
    if action == "leave":
        visits.end(Context.visitor(), token=cookies.token_of(request))
        return cookies.forget(cookies.go("/follow/"))
    return _act(request, action)


def _show(request: HttpRequest) -> HttpResponse:
    visit = visits.load(Context.visitor(), token=cookies.token_of(request), purpose=Purpose.FOLLOW)
    if visit is None:
        return pages.enter(request)
    return pages.show(request, Following.read(visit.payload))


def _enter(request: HttpRequest) -> HttpResponse:
    """Log in. Whatever this browser was on before, a draft or another case, ends."""
    ctx = Context.visitor()
    form = EnterForm(request.POST)
    if not form.is_valid():
        return pages.enter(request, form)
    try:
        opened = authenticate(
            ctx,
            reference=form.cleaned_data["reference"],
            code=form.cleaned_data["code"],
            network=network_of(request),
        )
    except Invalid as error:
        form.add_error("reference", error.message)
        return pages.enter(request, form)
    visits.end(ctx, token=cookies.token_of(request))
    return cookies.remember(cookies.go("/follow/"), session.begin(ctx, opened).token)


def _act(request: HttpRequest, action: str) -> HttpResponse:
    ctx = Context.visitor()
    with visits.locked(ctx, token=cookies.token_of(request), purpose=Purpose.FOLLOW) as visit:
        if visit is None:
            return cookies.go("/follow/")
        following = Following.read(visit.payload)
        following.notice = ""
        as_person = Context.person(following.case_id)
        turn = Turn(as_person, request, visit, following)
        if action in ACTIONS:
            ACTIONS[action](turn)
        visit.payload = following.write()
        if turn.file is not None:
            headers = {"Content-Disposition": 'attachment; filename="proof.json"'}
            return HttpResponse(turn.file, content_type="application/json", headers=headers)
        if turn.form is not None:
            return pages.show(request, following, turn.form)
        return cookies.go("/follow/")
