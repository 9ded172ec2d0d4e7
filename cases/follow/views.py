"""Follow a case with its reference and code: one address; the buttons say what they do in `go`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from cases import cookies
from cases.follow import lost, pages, session
from cases.follow.actions import ACTIONS
from cases.follow.forms import EnterForm
from cases.follow.session import Following
from cases.follow.turn import Download, Turn
from cases.models import Purpose
from cases.networks import network_of
from cases.services import adding, visits
from cases.services.following import authenticate
from portal.core.context import Context
from portal.core.errors import Invalid
from portal.vault import uploads


@never_cache
@csrf_exempt  # `_follow` checks it: the upload handler must be chosen before the body is read
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and _takes_files(request):
        token = cookies.token_of(request)
        uploads.use_vault(request, alive=lambda: visits.stay(Context.visitor(), token=token))
    return _follow(request)


@csrf_protect
def _follow(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request)
    action = request.POST.get("go", "")
    if action == "enter":
        return _enter(request)
    if action == "lost":
        return lost.begin(request, Context.visitor())
    if action == "leave":
        visits.end(Context.visitor(), token=cookies.token_of(request))
        return cookies.forget(cookies.go("/follow/"))
    if action.startswith("lost_"):
        return lost.act(request, Context.visitor(), action)
    return _act(request, action)


def _takes_files(request: HttpRequest) -> bool:
    """Only with a code that has opened a case which takes files."""
    visit = visits.load(Context.visitor(), token=cookies.token_of(request), purpose=Purpose.FOLLOW)
    case = visit.row.case if visit else None
    return case is not None and adding.takes_files(case)


def _show(request: HttpRequest) -> HttpResponse:
    ctx, token = Context.visitor(), cookies.token_of(request)
    visit = visits.load(ctx, token=token, purpose=Purpose.FOLLOW)
    if visit is not None:
        return pages.show(request, Following.read(visit.payload), visit.ends(ctx))
    regaining = visits.load(ctx, token=token, purpose=Purpose.REGAIN)
    return lost.show(request, regaining) if regaining else pages.enter(request)


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
        following.notice, following.refused = "", []
        turn = Turn(Context.person(following.case_id), request, visit, following)
        if action in ACTIONS:
            ACTIONS[action](turn)
        visit.payload = following.write()
        if turn.download is not None:
            return _download(turn.download)
        if turn.form is not None:
            return pages.show(request, following, visit.ends(ctx), turn.form)
        return cookies.go("/follow/")


def _download(file: Download) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.data, content_type=file.media_type, headers=headers)
