"""How each partner stands: for those who manage partners, and for supervisors."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hashing.lists import pulls, standing
from portal.accounts.http import StaffRequest, staff
from portal.accounts.roles import Perm

PULLS = 20


@staff(Perm.PARTNER_READ)
@require_safe
def everyone(request: StaffRequest) -> HttpResponse:
    context = {"standings": standing.everyone(request.actor, request.ctx.at)}
    return render(request, "cases/desk/partners.html", context)


@staff(Perm.PARTNER_READ)
@require_safe
def partner(request: StaffRequest, partner_id: UUID) -> HttpResponse:
    found = standing.one(request.actor, partner_id, request.ctx.at)
    cursor = request.GET.get("after", "")
    page = pulls.of_partner(request.actor, found.partner, cursor=cursor, size=PULLS)
    context = {"found": found, "pulls": page, "is_first": not cursor, "now": request.ctx.at}
    return render(request, "cases/desk/partner.html", context)
