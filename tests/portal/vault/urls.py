"""Two pages for the upload tests: one that takes files, one that doesn't."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portal import urls as project
from portal.core.context import Context
from portal.vault.services import accept
from portal.vault.uploads import staged_files, use_vault


@csrf_exempt
def take(request: HttpRequest) -> HttpResponse:
    use_vault(request)
    return _take(request)


@csrf_protect
def _take(request: HttpRequest) -> HttpResponse:
    files = staged_files(request, "file")
    if request.POST.get("keep"):
        for staged in files:
            if staged.refusal is None:
                accept(Context.visitor(), staged=staged)
    return JsonResponse({"note": request.POST.get("note"), "refusals": [staged.refusal for staged in files]})


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("note", ""))


urlpatterns = [path("take", take), path("plain", plain), *project.urlpatterns]
