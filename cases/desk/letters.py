"""What the person and the agency write to each other, and the new code that somebody asks for."""

from __future__ import annotations

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import selectors
from cases.desk.outcomes import redirect_with
from cases.services import messaging, regaining
from portal.accounts import policy
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.roles import Perm


class AnswerForm(forms.Form):
    body = forms.CharField(
        label=_("Write to the person"),
        help_text=_("They read it with their code, and hear that there is an update if they wanted that."),
        widget=forms.Textarea({"rows": 5, "autocomplete": "off"}),
        validators=[MaxLengthValidator(messaging.LONGEST, _("Shorten it to 4,000 letters."))],
        error_messages={"required": _("Write something first.")},
    )


@staff(Perm.CASE_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def messages(request: StaffRequest, reference: str) -> HttpResponse:
    """All messages of a case: reading them is audited, and shown to the person."""
    case = selectors.case_for(request.actor, reference)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        policy.require(request.actor, Perm.CASE_WORK, team=case.team_id)
        if form.is_valid():
            messaging.answer(request.ctx, case_id=case.pk, body=form.cleaned_data["body"])
            return redirect_with("written", "desk:messages", reference)
    found = messaging.read(request.ctx, case_id=case.pk)
    context = {
        "case": case,
        "messages": found,
        "form": form,
        "waiting": any(one.new and one.sender == "person" for one in found),
        "may_write": policy.allows(request.ctx, Perm.CASE_WORK, team=case.team_id),
    }
    return render(request, "cases/desk/messages.html", context)


@staff(Perm.CASE_WORK)
@require_POST
def settle(request: StaffRequest, reference: str) -> HttpResponse:
    case = selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    messaging.settle(request.ctx, case_id=case.pk)
    return redirect_with("settled", "desk:case", reference)


@staff(Perm.CASE_WORK)
@require_POST
def new_code(request: StaffRequest, reference: str) -> HttpResponseBase:
    """Agree to a new code, or not: with the second factor, as it opens the case to whoever asked."""
    selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    return _new_code(request, reference)


@step_up
def _new_code(request: StaffRequest, reference: str) -> HttpResponseBase:
    case = selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    agree = request.POST.get("agree") == "yes"
    regaining.decide(request.ctx, case_id=case.pk, agree=agree)
    return redirect_with("code-given" if agree else "code-refused", "desk:case", reference)
