"""The auditors' pages. Each one opened is on record itself."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.auditing import histories, lines, search, unusual
from cases.auditing.forms import ExportForm, SearchForm
from cases.services import auditing
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.roles import Perm
from portal.audit import Subject
from portal.audit.models import Checkpoint


@staff(Perm.AUDIT_READ)
@require_safe
def find(request: StaffRequest) -> HttpResponse:
    """The search, and the newest entries before anything is asked."""
    form = SearchForm(request.GET or {})
    asked = {name: value for name, value in request.GET.items() if name != "after" and value}
    context: dict[str, Any] = {
        "form": form,
        "first": "?" + urlencode(asked),
        "is_first": "after" not in request.GET,
    }
    if form.is_valid():
        found = search.find(request.actor, form.wanted, cursor=request.GET.get("after", ""))
        context["lines"] = lines.of(found.items)
        context["next"] = "?" + urlencode(asked | {"after": found.next}) if found.next else ""
        auditing.note_reading(request.ctx, part="search")
    return render(request, "cases/auditing/search.html", context)


@staff(Perm.AUDIT_READ)
@require_safe
def case(request: StaffRequest, reference: str) -> HttpResponse:
    found = histories.case_of(request.actor, reference)
    page = histories.of_case(request.actor, found, cursor=request.GET.get("after", ""))
    context = {"case": found, "lines": lines.of(page.items), "next": page.next}
    auditing.note_reading(request.ctx, part="case", about=Subject("case", found.pk))
    return render(request, "cases/auditing/case.html", context)


@staff(Perm.AUDIT_READ)
@require_safe
def day(request: StaffRequest, staff_id: UUID, day: str) -> HttpResponse:
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    member = histories.member(request.actor, staff_id)
    page = histories.of_day(request.actor, member, wanted, cursor=request.GET.get("after", ""))
    context = {"member": member, "day": wanted, "lines": lines.of(page.items), "next": page.next}
    auditing.note_reading(request.ctx, part="day", about=Subject("staff", member.pk))
    return render(request, "cases/auditing/day.html", context)


@staff(Perm.AUDIT_READ)
@require_safe
def odd(request: StaffRequest) -> HttpResponse:
    found = unusual.recent(request.actor)
    auditing.note_reading(request.ctx, part="unusual")
    context = {"unusual": found, "days": unusual.DAYS, "many": unusual.MANY_REVEALS}
    hours = {"first_hour": unusual.FIRST_HOUR, "last_hour": unusual.LAST_HOUR}
    return render(request, "cases/auditing/unusual.html", context | hours)


@staff(Perm.AUDIT_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: StaffRequest) -> HttpResponseBase:
    """One's own exports, and a form for another."""
    form = ExportForm(request.POST or None)
    if form.is_valid():
        return _ask(request, form)
    rows = auditing.own_exports(request.ctx)
    newest = Checkpoint.objects.order_by("-size").first()
    context = {"form": form, "exports": rows, "size": newest.size if newest else 0}
    return render(request, "cases/auditing/exports.html", context)


@step_up
def _ask(request: StaffRequest, form: ExportForm) -> HttpResponseBase:
    auditing.ask_export(request.ctx, since=form.cleaned_data["since"], reason=form.cleaned_data["reason"])
    return redirect("auditing:exports")


@staff(Perm.AUDIT_READ)
@require_safe
def export_file(request: StaffRequest, export_id: UUID) -> HttpResponseBase:
    file = auditing.take_export(request.ctx, export_id=export_id)
    return FileResponse(file, as_attachment=True, filename="log.zip", content_type="application/zip")
