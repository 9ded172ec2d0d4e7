"""Searching cases, keeping searches, and turning pages inside a result."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cases import searching, selectors
from cases.desk.outcomes import redirect_with, sentence
from cases.desk.queue import PAGE_SIZE, rows
from cases.desk.search_forms import BulkForm, KeepForm, SearchForm
from cases.models import Case
from cases.models.finding import SavedView
from cases.searching import Filters
from cases.services import keeping
from portal.accounts import policy
from portal.accounts.http import StaffRequest, staff
from portal.accounts.roles import Perm
from portal.core import paging
from portal.core.context import Actor
from portal.core.errors import DomainError


@dataclass(frozen=True)
class Kept:
    """A kept search with how many cases it finds now, at most searching.MOST + 1."""

    view: SavedView
    query: str
    count: int
    is_own: bool

    @property
    def words(self) -> str:
        return searching.in_words(self.count)


@dataclass(frozen=True)
class Turning:
    """The cases before and after this one in the result that it was opened from."""

    query: str
    before: str
    after: str


@staff(Perm.CASE_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: StaffRequest) -> HttpResponse:
    """What is posted becomes filters in the address, or the case itself where its reference was typed."""
    if request.method != "POST":
        return _page(request, Filters.read(request.GET.dict()))
    form = SearchForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _page(request, Filters(), form=form)
    if form.filters.by == "reference":
        case = selectors.visible(request.actor).filter(reference=form.filters.key).first()
        if case is not None:
            return redirect("desk:case", case.reference)
    return redirect(f"{reverse('desk:search')}?{form.filters.query}")


@staff(Perm.CASE_READ)
@require_POST
def keep(request: StaffRequest) -> HttpResponse:
    filters = Filters.read(dict(parse_qsl(request.POST.get("within", ""))))
    form = KeepForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            name = form.cleaned_data["name"]
            keeping.keep(request.ctx, name=name, filters=filters, team_id=form.team_id)
        except DomainError as error:
            form.add_error("name", error.message)
        else:
            return redirect_with("view-kept", "desk:search")
    return _page(request, filters, keep_form=form)


@staff(Perm.CASE_READ)
@require_POST
def drop(request: StaffRequest, view_id: UUID) -> HttpResponse:
    keeping.drop(request.ctx, view_id=view_id)
    return redirect_with("view-dropped", "desk:search")


def kept(actor: Actor) -> list[Kept]:
    """The viewer's own kept searches and their teams', each counted as far as it is worth."""
    me = UUID(actor.id)
    views = SavedView.objects.filter(Q(owner=me) | Q(team__in=actor.teams)).order_by("name", "pk")
    found = []
    for view in views[: 2 * keeping.MOST]:
        filters = Filters.read(view.filters)
        count = searching.counted(searching.found(actor, filters))
        found.append(Kept(view, filters.query, count, view.owner_id == me))
    return found


def turning(actor: Actor, case: Case, within: str) -> Turning | None:
    """Two queries, however long the result is; None where the case was not opened from one."""
    filters = Filters.read(dict(parse_qsl(within)))
    if not filters.said:
        return None
    result = searching.found(actor, filters)
    newer = paging.beside(result, time_field="opened_at", row=case, newest_first=False)
    older = paging.beside(result, time_field="opened_at", row=case, newest_first=True)
    return Turning(filters.query, newer.reference if newer else "", older.reference if older else "")


def _page(
    request: StaffRequest,
    filters: Filters,
    *,
    form: SearchForm | None = None,
    keep_form: KeepForm | None = None,
) -> HttpResponse:
    asked = bool(filters.said) and form is None
    found = searching.found(request.actor, filters) if asked else Case.objects.none()
    cursor = request.GET.get("after", "")
    page = paging.page(found, time_field="opened_at", cursor=cursor, size=PAGE_SIZE, newest_first=True)
    assigns = policy.holds(request.actor, Perm.CASE_ASSIGN)
    context = {
        "asked": asked,
        "filters": filters,
        "rows": rows(page.items),
        "count": searching.counted(found),
        "most": searching.MOST,
        "next": page.next,
        "first": not cursor,
        "form": form or SearchForm(actor=request.actor, filters=filters),
        "keep_form": keep_form or KeepForm(actor=request.actor),
        "bulk_form": BulkForm(actor=request.actor, may_assign=assigns),
        "kept": kept(request.actor),
        "outcome": sentence(request),
    }
    return render(request, "cases/desk/search.html", context)
