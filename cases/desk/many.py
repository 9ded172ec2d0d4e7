"""One simple thing done to many cases: first what it would do to which, then, confirmed, what it did."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cases import searching, selectors
from cases.desk.search_forms import BulkForm
from cases.models import Case
from cases.searching import Filters
from cases.services import bulk
from portal.accounts import policy
from portal.accounts.http import StaffRequest, staff
from portal.accounts.models import Staff
from portal.accounts.roles import Perm
from portal.core import references
from portal.core.context import Actor
from portal.core.errors import Invalid


@staff(Perm.CASE_WORK)
@require_POST
def preview(request: StaffRequest) -> HttpResponse:
    """Which cases it would be, and how many; nothing is done."""
    form = _form(request)
    form.is_valid()
    chosen = _chosen(request)
    back = f"{reverse('desk:search')}?{Filters.read(dict(parse_qsl(request.POST.get('within', '')))).query}"
    if not chosen:
        return redirect(back)
    context = {
        "form": form,
        "references": chosen,
        "joined": ",".join(chosen),
        "too_many": len(chosen) > bulk.MOST,
        "most": bulk.MOST,
        "back": back,
    }
    return render(request, "cases/desk/many.html", context)


@staff(Perm.CASE_WORK)
@require_POST
def do(request: StaffRequest) -> HttpResponse:
    """Exactly the cases that were shown, and what became of each."""
    form = _form(request)
    shown = request.POST.get("references", "")
    chosen = [references.normalise(one) for one in shown.split(",") if one]
    if not form.is_valid():
        return render(request, "cases/desk/many.html", _again(form, chosen))
    try:
        result = bulk.run(request.ctx, references=chosen, wanted=form.wanted)
    except Invalid as error:
        form.add_error("tag" if error.code == "tag_format" else "action", error.message)
        return render(request, "cases/desk/many.html", _again(form, chosen))
    return render(request, "cases/desk/many_done.html", {"result": result})


@staff(Perm.CASE_ASSIGN)
@require_safe
def handover(request: StaffRequest) -> HttpResponse:
    """Who still has open cases of the viewer's teams, but has left or is in none of these teams."""
    return render(request, "cases/desk/handover.html", {"leavers": leavers(request.actor)})


def leavers(actor: Actor) -> list[tuple[Staff, int]]:
    """With how many open cases; two queries."""
    policy.require_role(actor, Perm.CASE_ASSIGN)
    owned = Case.objects.filter(team__in=actor.teams, closed_at=None, assignee__isnull=False)
    numbers = dict(owned.values_list("assignee").annotate(n=Count("pk")).order_by())
    here = Staff.objects.filter(teams__in=actor.teams, is_active=True).values("pk")
    gone = Staff.objects.filter(pk__in=numbers).exclude(pk__in=here).order_by("name", "pk")
    return [(person, numbers[person.pk]) for person in gone]


def _form(request: StaffRequest) -> BulkForm:
    assigns = policy.holds(request.actor, Perm.CASE_ASSIGN)
    return BulkForm(request.POST, actor=request.actor, may_assign=assigns)


def _chosen(request: StaffRequest) -> list[str]:
    """References of the viewer's cases: those ticked, or all of the result up to one more than may be."""
    if request.POST.get("all"):
        filters = Filters.read(dict(parse_qsl(request.POST.get("within", ""))))
        found = searching.found(request.actor, filters) if filters.said else Case.objects.none()
        found = found.order_by("-opened_at", "-pk")[: bulk.MOST + 1]
    else:
        ticked = [references.normalise(one) for one in request.POST.getlist("case")[: bulk.MOST + 1]]
        found = selectors.visible(request.actor).filter(reference__in=ticked).order_by("-opened_at", "-pk")
    return list(found.values_list("reference", flat=True))


def _again(form: BulkForm, chosen: list[str]) -> dict[str, object]:
    joined = ",".join(chosen)
    return {
        "form": form,
        "references": chosen,
        "joined": joined,
        "back": reverse("desk:search"),
    }
