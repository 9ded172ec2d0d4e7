"""Pages to try the doors of the desk on."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST

from portal import urls
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.roles import Perm


@staff()
def page(request: StaffRequest) -> HttpResponse:
    return HttpResponse(request.actor.id)


@staff(Perm.PICTURE_REVEAL)
def casework(request: StaffRequest) -> HttpResponse:
    return HttpResponse(str(request.ctx.action_id))


@staff(Perm.PICTURE_REVEAL)
@step_up
@require_POST
def guarded(request: StaffRequest, number: int) -> JsonResponse:
    """Answers with what arrived: each field with all its values, and the address."""
    fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    return JsonResponse({"number": number, "fields": fields, "query": request.GET.dict()})


@staff(Perm.PICTURE_REVEAL)
@step_up
def guarded_link(request: StaffRequest) -> HttpResponse:
    return HttpResponse(f"{request.method} {sorted(request.POST)}")


urlpatterns = [
    path("desk/test/page", page),
    path("desk/test/casework", casework),
    path("desk/test/guarded/<int:number>", guarded),
    path("desk/test/link", guarded_link),
    *urls.urlpatterns,
]
