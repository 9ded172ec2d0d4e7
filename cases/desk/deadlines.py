"""What is due: the running clocks of one's teams, most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cases import deadlines, locations
from cases.models import Deadline
from portal.accounts.http import StaffRequest, staff
from portal.accounts.roles import Perm
from portal.core import clock, paging
from portal.ui.templatetags.ui import Tone

PAGE_SIZE = 50


@dataclass(frozen=True)
class Line:
    """`label` says how urgent it is; the tone only repeats it."""

    deadline: Deadline
    label: str
    tone: Tone
    service: str


@staff(Perm.CASE_READ)
@require_safe
def due(request: StaffRequest) -> HttpResponse:
    mine = request.GET.get("show") == "mine"
    rows = deadlines.of_teams(request.actor, mine=mine)
    page = paging.page(rows, time_field="due_at", cursor=request.GET.get("after", ""), size=PAGE_SIZE)
    context = {
        "lines": lines(page.items),
        "next": page.next,
        "mine": mine,
        "first": "after" not in request.GET,
    }
    return render(request, "cases/desk/deadlines.html", context)


def lines(rows: Iterable[Deadline]) -> list[Line]:
    now = clock.now()
    found = []
    for row in rows:
        label, tone = _words(deadlines.urgency(row, now))
        found.append(Line(row, label, tone, locations.service(row.location) if row.location else ""))
    return found


def _words(urgency: deadlines.Urgency) -> tuple[str, Tone]:
    if urgency.is_paused:
        return str(_("Stands still")), "grey"
    if urgency.is_over:
        return str(_("Overdue")), "red"
    if urgency.is_soon:
        return str(_("Soon")), "orange"
    return str(_("Running")), "blue"
