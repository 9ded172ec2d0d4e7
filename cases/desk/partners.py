"""How each partner stands: for those who manage partners, and for supervisors."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hashing.lists import standing
from portal.accounts.http import StaffRequest, staff
from portal.accounts.roles import Perm


@staff(Perm.PARTNER_READ)
@require_safe
def everyone(request: StaffRequest) -> HttpResponse:
    context = {"standings": standing.everyone(request.actor, request.ctx.at)}
    return render(request, "cases/desk/partners.html", context)


@staff(Perm.PARTNER_READ)
@require_safe
def partner(request: StaffRequest, partner_id: UUID) -> HttpResponse:
    found = standing.one(request.actor, partner_id, request.ctx.at)
    return render(request, "cases/desk/partner.html", {"found": found, "now": request.ctx.at})
