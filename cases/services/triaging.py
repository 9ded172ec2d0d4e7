"""A case's reasons and priority follow from the actions that change them; staff may know better."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases import deadlines, triage
from cases.models import Case, Priority, PriorityChoice
from cases.services.loading import locked
from cases.states import CLOSED_STATES
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record, unrecorded
from portal.core.context import Context
from portal.core.errors import Invalid

SHORTEST = 10  # characters of a reason
_BATCH = 500


@unrecorded("reasons follow from a report or an action that is recorded in the same transaction")
def assess(ctx: Context, case: Case) -> None:
    """Work out the reasons of a locked case anew; a member of staff's own choice stays."""
    soon = deadlines.still_open().filter(case=case, paused_at=None, due_at__lte=ctx.at + deadlines.SOON)
    found = triage.reasons(case, places=case.locations.count(), due_soon=soon.exists())
    choice = PriorityChoice.objects.filter(case=case).values_list("priority", flat=True).first()
    case.triage_reasons = [reason.value for reason in found]
    case.priority = choice or triage.priority(found)
    case.save(update_fields=["triage_reasons", "priority"])


@transaction.atomic
def choose(ctx: Context, *, case_id: UUID, priority: Priority, reason: str) -> Case:
    """Override what the reasons say. Perm case.work; the sentence is kept encrypted."""
    case = locked(ctx, case_id, Perm.CASE_WORK)
    if len(reason.strip()) < SHORTEST:
        raise Invalid(_("Say a little more: at least 10 characters."), code="priority_reason")
    before = case.priority
    choice = PriorityChoice(case=case, priority=priority, by_id=UUID(ctx.actor.id), at=ctx.at)
    choice.reason = reason.strip()
    choice.save()
    case.priority = priority
    case.save(update_fields=["priority"])
    subject = Subject("case", case.pk)
    record(ctx, Verb.CASE_PRIORITISED, subject, before=before, priority=priority.value)
    return case


def sweep(ctx: Context) -> int:
    """Cases to which a deadline has come near, or is gone again; how many changed."""
    near = deadlines.still_open().filter(paused_at=None, due_at__lte=ctx.at + deadlines.SOON)
    open_cases = Case.objects.exclude(state__in=CLOSED_STATES)
    marked = open_cases.filter(triage_reasons__contains=["clock"])
    wrong = (open_cases.filter(pk__in=near.values("case")) | marked).exclude(
        pk__in=near.values("case"), triage_reasons__contains=["clock"]
    )
    return sum(_reassess(ctx, pk) for pk in list(wrong.order_by("pk").values_list("pk", flat=True)[:_BATCH]))


@unrecorded("time alone has brought a deadline near")
@transaction.atomic
def _reassess(ctx: Context, pk: UUID) -> int:
    case = Case.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if case is None:
        return 0
    assess(ctx, case)
    return 1
