"""The languages of the public pages: which strings a machine translated, and which a person has approved."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts import services
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.roles import Perm
from portal.accounts.services import wording
from portal.agency import catalogues, selectors
from portal.core.errors import NotFound


@staff(Perm.AGENCY_MANAGE)
@require_safe
def all_of_them(request: StaffRequest) -> HttpResponse:
    rows = []
    for code in catalogues.languages():
        strings, waiting = len(catalogues.wordings(code)), len(selectors.unapproved(code))
        rows.append({"info": get_language_info(code), "strings": strings, "waiting": waiting})
    return render(request, "accounts/languages.html", {"rows": rows})


@staff(Perm.AGENCY_MANAGE)
@step_up
@require_http_methods(["GET", "POST"])
def one(request: StaffRequest, code: str) -> HttpResponseBase:
    """The next strings to read, with the English ones; a POST approves exactly those."""
    if code not in catalogues.languages():
        raise NotFound("There is no such language.", code="no_language")
    if request.method == "POST":
        services.approve_wording(request.ctx, language=code, shown=request.POST.get("shown", ""))
        return redirect("accounts:language", code)
    batch = wording.next_batch(code)
    context = {
        "info": get_language_info(code),
        "dir": "rtl" if get_language_info(code)["bidi"] else "ltr",
        "batch": batch,
        "shown": wording.seal_of(batch),
        "strings": len(catalogues.wordings(code)),
        "waiting": len(selectors.unapproved(code)),
    }
    return render(request, "accounts/language.html", context)
