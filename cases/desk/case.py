"""One case: what is known, what may be done, what was done."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases import selectors
from cases.desk import outcomes, page, searching
from cases.services import desk_keys
from portal.accounts.http import StaffRequest, staff
from portal.accounts.roles import Perm


@staff(Perm.CASE_READ)
@require_safe
def case(request: StaffRequest, reference: str) -> HttpResponse:
    found = selectors.case_for(request.actor, reference)
    context = {
        "page": page.build(request.ctx, found),
        "turning": searching.turning(request.actor, found, request.GET.get("within", "")),
        "outcome": outcomes.sentence(request),
    }
    return render(request, "cases/desk/case.html", context)


@staff(Perm.CONTACT_READ)
@require_safe
def contact(request: StaffRequest, reference: str) -> HttpResponse:
    """How to reach the person, on a page of its own: reading it is an audited act."""
    found = selectors.case_for(request.actor, reference, Perm.CONTACT_READ)
    details = desk_keys.read_contact(request.ctx, case_id=found.pk)
    return render(request, "cases/desk/contact.html", {"case": found, "details": details})
