"""Asking for the second factor once more, without losing what was being sent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from portal.accounts import services, sessions
from portal.accounts.forms import SecondFactorForm
from portal.accounts.models import Staff
from portal.accounts.pages import ask_for_passkey, form_page
from portal.core.context import Context
from portal.core.errors import DomainError

PREFIX = "step_up"
_CODE = f"{PREFIX}-code"
_FROM_LINK = f"{PREFIX}-from_link"
_OURS = (_CODE, f"{PREFIX}-recovery", f"{PREFIX}-passkey", _FROM_LINK)
_TEMPLATE = "accounts/step_up.html"


def ask_or_continue(request: HttpRequest, ctx: Context, staff: Staff) -> HttpResponse | None:
    """The page that asks for a code; None once the right code came and the view may go on.

    What was posted travels through the page as hidden fields, never in an address. `request.POST` is then
    as it was first sent.
    """
    if request.method != "POST" or _CODE not in request.POST:
        return _page(request, staff, SecondFactorForm(prefix=PREFIX))
    form = SecondFactorForm(request.POST, prefix=PREFIX)
    if not form.is_valid():
        return _page(request, staff, form)
    try:
        _check(request, ctx, form)
    except DomainError as error:
        return _page(request, staff, form, error)
    sessions.step_up(request.session)
    if _FROM_LINK in request.POST:
        return redirect(request.get_full_path())
    request.POST = _carried(request.POST)  # type: ignore[assignment] # a copy that was changed is mutable
    return None


def _check(request: HttpRequest, ctx: Context, form: SecondFactorForm) -> None:
    given, staff_id = form.cleaned_data, UUID(ctx.actor.id)
    if given["passkey"]:
        state = sessions.take_challenge(request.session, "use")
        services.step_up_with_passkey(ctx, staff_id=staff_id, state=state, answer=given["passkey"])
    else:
        services.step_up(ctx, staff_id=staff_id, code=given["recovery"] or given["code"])


def _page(
    request: HttpRequest, staff: Staff, form: SecondFactorForm, refusal: DomainError | None = None
) -> HttpResponse:
    fields = [(name, value) for name, values in _carried(request.POST).lists() for value in values]
    from_link = _FROM_LINK if request.method != "POST" or _FROM_LINK in request.POST else ""
    asked = ask_for_passkey(request, staff)
    return form_page(
        request, _TEMPLATE, form, refusal=refusal, carried=fields, from_link=from_link, passkey=asked
    )


def _carried(sent: QueryDict) -> QueryDict:
    """What the person sent, without what this page added."""
    carried = sent.copy()
    for name in (*_OURS, "csrfmiddlewaretoken"):
        carried.pop(name, None)
    return carried
