"""One simple thing done to many cases: assign, tag, untag, close. Never anything that lists, sends or opens.

Each case is done by the service that does it alone, with its permission, rules and entry in the log; all
entries share one action. What a case's own rule refuses is left as it was, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case
from cases.services import assigning, moving, tagging
from cases.states import CaseState
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import DomainError, Invalid

MOST = 500


class Action(StrEnum):
    ASSIGN = "assign"
    TAG = "tag"
    UNTAG = "untag"
    CLOSE = "close"


@dataclass(frozen=True)
class Wanted:
    """`value` is a member of staff's id for ASSIGN ("" for nobody), a tag for TAG and UNTAG."""

    action: Action
    value: str = ""


@dataclass(frozen=True)
class Result:
    """How many were done, and the references of the others with why."""

    done: int
    refused: tuple[tuple[str, str], ...]


def run(ctx: Context, *, references: Sequence[str], wanted: Wanted) -> Result:
    """Do it to each, in a transaction of its own. Perm case.work, and case.assign to assign.

    Raises Invalid (code too_many_cases) for more than MOST, or for a value that can't be, with
    nothing done.
    """
    policy.require_role(ctx, Perm.CASE_ASSIGN if wanted.action is Action.ASSIGN else Perm.CASE_WORK)
    distinct = set(references)
    if not 0 < len(distinct) <= MOST:
        raise Invalid(_("Choose at least one case, and at most 500."), code="too_many_cases")
    do = _doing(ctx, wanted)
    rows = Case.objects.filter(reference__in=distinct, team__in=ctx.actor.teams).order_by("pk")
    cases = list(rows.values_list("reference", "pk"))
    with transaction.atomic():
        batch = Subject("batch", ctx.action_id)
        record(ctx, Verb.CASES_CHANGED, batch, action=wanted.action.value, cases=len(cases))
    refused = [(reference, why) for reference, pk in cases if (why := _tried(do, pk))]
    return Result(len(cases) - len(refused), tuple(refused))


def _tried(do: Callable[[UUID], object], case_id: UUID) -> str:
    """Why it was refused, "" where it was done."""
    try:
        with transaction.atomic():
            do(case_id)
    except DomainError as error:
        return error.message
    return ""


def _doing(ctx: Context, wanted: Wanted) -> Callable[[UUID], object]:
    if wanted.action is Action.ASSIGN:
        try:
            staff = UUID(wanted.value) if wanted.value else None
        except ValueError as error:
            raise Invalid(_("Choose somebody of the case's team."), code="not_in_team") from error
        return lambda pk: assigning.assign(ctx, case_id=pk, staff_id=staff)
    if wanted.action is Action.CLOSE:
        return lambda pk: moving.move(ctx, case_id=pk, to=CaseState.CLOSED)
    name = tagging.canonical(wanted.value)
    act = tagging.add if wanted.action is Action.TAG else tagging.remove
    return lambda pk: act(ctx, case_id=pk, name=name)
