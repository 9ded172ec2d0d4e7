"""Accounts: who has one, and what administrators do with them."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts import selectors, services, sessions
from portal.accounts.forms import InviteForm, RoleForm
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.models import Staff
from portal.accounts.pages import form_page, posted
from portal.accounts.roles import Perm
from portal.core.errors import DomainError


@staff(Perm.STAFF_MANAGE)
@require_safe
def everyone(request: StaffRequest) -> HttpResponse:
    return render(request, "accounts/everyone.html", {"accounts": selectors.everyone(request.actor)})


@staff(Perm.STAFF_MANAGE)
@require_safe
def member(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    """One account; the address of an invitation is shown to whoever just made it."""
    account = selectors.member(request.actor, staff_id)
    context = {
        "account": account,
        "is_oneself": account.pk == request.user.pk,
        "invitation": sessions.invitation_for(request.session, account),
        "open_sessions": selectors.open_sessions(request.actor, staff_id),
    }
    return render(request, "accounts/member.html", context)


@staff(Perm.STAFF_MANAGE)
@step_up
@require_http_methods(["GET", "POST"])
def invite(request: StaffRequest) -> HttpResponse:
    form = InviteForm(posted(request))
    refusal: DomainError | None = None
    if form.is_valid():
        try:
            invitation = services.invite(request.ctx, **form.cleaned_data)
        except DomainError as error:
            refusal = error
        else:
            return _hand_over(request, invitation)
    return form_page(request, "accounts/invite.html", form, refusal=refusal)


@staff(Perm.STAFF_MANAGE)
@step_up
@require_POST
def invite_again(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    return _hand_over(request, services.invite_again(request.ctx, staff_id=staff_id))


@staff(Perm.STAFF_MANAGE)
@step_up
@require_http_methods(["GET", "POST"])
def change_role(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    account = selectors.member(request.actor, staff_id)
    form = RoleForm(posted(request), initial={"role": account.role, "teams": account.teams.all()})
    refusal: DomainError | None = None
    if form.is_valid():
        try:
            services.change_role(request.ctx, staff_id=staff_id, **form.cleaned_data)
        except DomainError as error:
            refusal = error
        else:
            return redirect("accounts:member", staff_id)
    return form_page(request, "accounts/change_role.html", form, refusal=refusal, account=account)


@staff(Perm.STAFF_MANAGE)
@require_POST
def end_sessions(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    """At once, without a code: somebody's laptop may just have been stolen."""
    services.end_all_sessions(request.ctx, staff_id=staff_id)
    return redirect("accounts:member", staff_id)


@staff(Perm.STAFF_MANAGE)
@step_up
@require_http_methods(["GET", "POST"])
def close(request: StaffRequest, staff_id: UUID) -> HttpResponseBase:
    """Asks once, then closes."""
    account: Staff = selectors.member(request.actor, staff_id)
    if request.method == "POST":
        services.deactivate(request.ctx, staff_id=staff_id)
        return redirect("accounts:member", staff_id)
    return form_page(request, "accounts/close.html", forms.Form(), account=account)


def _hand_over(request: StaffRequest, invitation: services.Invitation) -> HttpResponse:
    """To the account's page, which shows the address."""
    sessions.remember_invitation(request.session, invitation.staff, invitation.address)
    return redirect("accounts:member", invitation.staff.pk)
