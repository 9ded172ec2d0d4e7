"""The queue: the cases of one's own teams, oldest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cases import deadlines, searching, selectors
from cases.desk import outcomes, words
from cases.models import Case, CaseMessage, CasePicture, Sender
from cases.states import Decision
from portal.accounts import policy
from portal.accounts.http import StaffRequest, staff
from portal.accounts.roles import Perm
from portal.core import clock, paging
from portal.core.context import Actor
from portal.ui.templatetags.ui import Tone
from portal.vault.models import PictureState

PAGE_SIZE = 25
Chooser = Callable[[Actor], QuerySet[Case]]
VIEWS: dict[str, Chooser] = {
    "mine": lambda actor: selectors.queue(actor, mine=True),
    "unassigned": lambda actor: selectors.queue(actor, unassigned=True),
    "all": selectors.queue,
}
LABELS = {"mine": _("Mine"), "unassigned": _("Unassigned"), "all": _("All open")}


@dataclass(frozen=True)
class Row:
    case: Case
    tone: Tone
    next_action: str
    urgency: Tone
    due_at: datetime | None
    is_over: bool
    # The person wrote, and nobody has answered.
    has_news: bool


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    count: int
    is_current: bool

    @property
    def words(self) -> str:
        return searching.in_words(self.count)


@staff()
@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    """The desk's first page; who works without cases goes on to a page of their own."""
    if policy.holds(request.actor, Perm.STAFF_MANAGE):
        return redirect("accounts:everyone")
    if policy.holds(request.actor, Perm.AUDIT_READ):
        return redirect("auditing:search")
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in VIEWS else "all"
    cases = VIEWS[chosen](request.actor).select_related("assignee", "team")
    page = paging.page(cases, time_field="opened_at", cursor=request.GET.get("after", ""), size=PAGE_SIZE)
    context = {
        "rows": rows(page.items),
        "next": page.next,
        "first": "after" not in request.GET,
        "tabs": tabs(request.actor, chosen),
        "chosen": chosen,
        "may_assign": policy.holds(request.actor, Perm.CASE_ASSIGN),
        "outcome": outcomes.sentence(request),
    }
    return render(request, "cases/desk/queue.html", context)


def tabs(actor: Actor, chosen: str) -> list[Tab]:
    return [
        Tab(name, str(LABELS[name]), searching.counted(view(actor)), is_current=name == chosen)
        for name, view in VIEWS.items()
    ]


def rows(cases: list[Case]) -> list[Row]:
    """Each case with its next action, its first deadline and its news; three queries for all of them."""
    due, now = deadlines.nearest(cases), clock.now()
    unanswered = CaseMessage.objects.filter(case__in=cases, sender=Sender.PERSON, seen_at=None)
    news = set(unanswered.values_list("case_id", flat=True))
    found = (
        CasePicture.objects.filter(case__in=cases)
        # Nobody can decide on what can't be opened, or never came.
        .exclude(picture__state__in=[PictureState.REFUSED, PictureState.ON_DEVICE])
        .values_list("case_id", "decision")
        .annotate(number=Count("pk"))
        .order_by()
    )
    number = {(case_id, decision): n for case_id, decision, n in found}
    return [
        Row(
            case,
            words.CASE_TONE.get(case.state, "grey"),
            words.next_action(
                case,
                undecided=number.get((case.pk, Decision.UNDECIDED), 0),
                proposed=number.get((case.pk, Decision.PROPOSED), 0),
            ),
            urgency=words.PRIORITY_TONE[case.priority],
            due_at=due.get(case.pk),
            is_over=due.get(case.pk, now) < now,
            has_news=case.pk in news,
        )
        for case in cases
    ]
