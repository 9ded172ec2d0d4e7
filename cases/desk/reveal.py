"""A reveal: say why, show the second factor, wait for the rendering, look for at most a minute."""

from __future__ import annotations

from math import ceil
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import selectors
from cases.desk.forms import RevealForm
from cases.models import Case
from cases.services import reviewing
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.roles import Perm
from portal.core import clock
from portal.core.errors import NotFound
from portal.vault import exposure
from portal.vault.models import Reveal
from portal.vault.services.revealing import LAPSES_AFTER

POLL_SECONDS = 2


@staff(Perm.PICTURE_REVEAL)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: StaffRequest, reference: str, position: int) -> HttpResponseBase:
    case = selectors.case_for(request.actor, reference, Perm.PICTURE_REVEAL)
    if not case.pictures.filter(position=position).exists():
        raise NotFound(_("There is nothing here."), code="no_such_picture")
    form = RevealForm(request.POST or None)
    if form.is_valid():
        return _request(request, case, position)
    looked = exposure.today(UUID(request.actor.id))
    context = {"case": case, "position": position, "form": form, "looked": looked}
    return render(request, "cases/desk/reveal_ask.html", context)


@step_up
def _request(request: StaffRequest, case: Case, position: int) -> HttpResponseBase:
    reason = request.POST["reason"].strip()
    asked = reviewing.request_reveal(request.ctx, case_id=case.pk, position=position, reason=reason)
    return redirect("desk:shown", case.reference, asked.pk)


@staff(Perm.PICTURE_REVEAL)
@require_safe
def show(request: StaffRequest, reference: str, reveal_id: UUID) -> HttpResponse:
    """Waiting, ready, open or over; this page changes nothing and works without script."""
    case, reveal = _load(request, reference, reveal_id)
    now = clock.now()
    seconds = ceil((reveal.closes_at - now).total_seconds()) if reveal.closes_at else 0
    waiting = reveal.ready_at is None and reveal.failed_at is None
    context = {
        "case": case,
        "reveal": reveal,
        "waiting": waiting,
        "lapsed": reveal.opened_at is None and not waiting and _has_lapsed(reveal),
        "seconds": max(seconds, 0),
    }
    response = render(request, "cases/desk/reveal_show.html", context)
    if waiting:
        response["Refresh"] = str(POLL_SECONDS)
    elif seconds > 0:
        # What was shown must not stay on a screen that somebody has left.
        response["Refresh"] = f"{seconds}; url={reverse('desk:case', args=[reference])}"
    return response


@staff(Perm.PICTURE_REVEAL)
@require_POST
def open_now(request: StaffRequest, reference: str, reveal_id: UUID) -> HttpResponse:
    """Start the minute: a POST, so that no page that is merely opened starts it."""
    case, reveal = _load(request, reference, reveal_id)
    reviewing.open_reveal(request.ctx, case_id=case.pk, reveal_id=reveal.pk)
    return redirect("desk:shown", reference, reveal_id)


@staff(Perm.PICTURE_REVEAL)
@require_safe
def content(request: StaffRequest, reference: str, reveal_id: UUID) -> HttpResponse:
    """The watermarked rendition, while it is open."""
    case, reveal = _load(request, reference, reveal_id)
    if reveal.opened_at is None:
        raise NotFound(_("There is nothing here."), code="not_open")
    shown = reviewing.open_reveal(request.ctx, case_id=case.pk, reveal_id=reveal.pk)
    return HttpResponse(shown, content_type="image/jpeg")


def _has_lapsed(reveal: Reveal) -> bool:
    return reveal.ready_at is not None and clock.now() >= reveal.ready_at + LAPSES_AFTER


def _load(request: StaffRequest, reference: str, reveal_id: UUID) -> tuple[Case, Reveal]:
    """The viewer's own reveal of a picture in this case."""
    case = selectors.case_for(request.actor, reference, Perm.PICTURE_REVEAL)
    mine = Reveal.objects.filter(pk=reveal_id, staff_id=UUID(request.actor.id))
    reveal = mine.filter(picture_id__in=case.pictures.values("picture_id")).first()
    if reveal is None:
        raise NotFound(_("There is nothing here."), code="no_such_reveal")
    return case, reveal
