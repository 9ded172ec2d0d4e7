"""Is a file known already? Asked with the file itself, which is destroyed with the answer."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from cases import elsewhere
from cases.desk.forms import AgeForm, FindForm
from cases.models import AgeRoute
from hashing.matching import mapped, searches, service
from hashing.matching.models import Search
from portal.accounts import policy
from portal.accounts.http import StaffRequest, staff
from portal.accounts.models import Staff
from portal.accounts.roles import Perm
from portal.vault import refusals, uploads

POLL_SECONDS = 2
# In the session: somebody has said that nobody in the file is under 18. Good for one file.
_ADULT = "find_adult"


@csrf_exempt  # `_find` checks it: the upload handler must be chosen before the body is read
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST" and _takes_files(request):
        uploads.use_vault(request)
    try:
        return _find(request)
    except uploads.UploadRefused:
        return redirect("desk:find")


def _takes_files(request: HttpRequest) -> bool:
    """Only from somebody who may, and who has answered the age question: nothing else is even read."""
    user = request.user
    if not isinstance(user, Staff) or user.otp_device is None or not request.session.get(_ADULT):
        return False
    return policy.holds(user.actor, Perm.PICTURE_FIND)


@csrf_protect
def _find(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        request.POST  # noqa: B018 (reads the body: a file that isn't taken is refused here)
    return _asked(request)


@staff(Perm.PICTURE_FIND)
def _asked(request: StaffRequest) -> HttpResponseBase:
    if not service.available():
        return _unavailable(request)
    if request.method != "POST":
        return _page(request, FindForm() if request.session.get(_ADULT) else AgeForm())
    return _take(request) if request.session.get(_ADULT) else _age(request)


def _age(request: StaffRequest) -> HttpResponseBase:
    form = AgeForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    if form.cleaned_data["age"] != AgeRoute.ADULT:
        return render(request, "cases/desk/find_child.html")
    request.session[_ADULT] = True
    return redirect("desk:find")


def _take(request: StaffRequest) -> HttpResponseBase:
    form = FindForm(request.POST)
    staged = uploads.staged_files(request, "upload")
    if not staged:
        form.add_error("upload", _("Choose a file."))
    elif staged[0].refusal is not None:
        form.add_error("upload", str(refusals.sentence(staged[0].refusal)))
    else:
        search = searches.ask(request.ctx, staged=staged[0])
        del request.session[_ADULT]
        return redirect("desk:found", search.pk)
    return _page(request, form)


@staff(Perm.PICTURE_FIND)
@require_safe
def answer(request: StaffRequest, search_id: UUID) -> HttpResponse:
    """Waiting, failed or answered; it changes nothing but its audit entry, and works without script."""
    search = searches.load(request.ctx, search_id=search_id)
    places = elsewhere.of_matches(request.actor, searches.matches(search))
    waiting = search.answered_at is None
    context = {"search": search, "waiting": waiting, "places": places, "failure": _failure(search)}
    response = render(request, "cases/desk/found.html", context)
    if waiting:
        response["Refresh"] = str(POLL_SECONDS)
    return response


def _failure(search: Search) -> str:
    if search.failure == searches.UNAVAILABLE:
        return mapped.unavailable().message
    if search.failure == searches.UNFINISHED:
        return _("The file could not be looked up. Try again.")
    return str(refusals.sentence(search.failure)) if search.failure else ""


def _page(request: StaffRequest, form: AgeForm | FindForm) -> HttpResponse:
    return render(request, "cases/desk/find.html", {"form": form, "takes_file": isinstance(form, FindForm)})


def _unavailable(request: StaffRequest) -> HttpResponse:
    error = mapped.unavailable()
    context = {"message": error.message}
    response = render(request, "cases/desk/find.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(error.retry_after)
    return response
