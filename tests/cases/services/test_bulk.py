"""Many cases at once: each by its own rule, with its own entry, and what is refused stays and is said."""

from __future__ import annotations

from uuid import uuid4

import pytest

from cases.models import Case, CaseTag
from cases.services import bulk, tagging
from cases.services.bulk import Action, Wanted
from portal.accounts.models import Staff
from portal.audit.models import Entry
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.cases.services.conftest import Desk
from tests.cases.services.test_linking import another
from tests.cases.services.test_locations import entries


def run(ctx: Context, cases: list[Case], action: Action, value: str = "") -> bulk.Result:
    return bulk.run(ctx, references=[case.reference for case in cases], wanted=Wanted(action, value))


def test_assigned_in_one_action_with_an_entry_each(desk: Desk) -> None:
    cases = [desk.case, another(), another()]
    worker = desk.caseworker.actor.id
    assert run(desk.supervisor, cases, Action.ASSIGN, worker) == bulk.Result(3, ())
    assert set(Case.objects.values_list("assignee", flat=True)) == {Staff.objects.get(pk=worker).pk}
    assert entries("cases.changed") == [{"action": "assign", "cases": 3}]
    rows = Entry.objects.filter(verb__in=["cases.changed", "case.assigned"])
    assert set(rows.values_list("action_id", flat=True)) == {desk.supervisor.action_id}
    assert rows.count() == 4
    assert run(desk.supervisor, cases[:1], Action.ASSIGN) == bulk.Result(1, ())
    assert Case.objects.get(pk=desk.case.pk).assignee is None


def test_only_what_is_resolved_is_closed(desk: Desk) -> None:
    ready, other = another(), another()
    Case.objects.filter(pk=ready.pk).update(state="resolved")
    result = run(desk.caseworker, [ready, other], Action.CLOSE)
    assert (result.done, [reference for reference, _why in result.refused]) == (1, [other.reference])
    assert result.refused[0][1].startswith("This has moved on")
    assert Case.objects.get(pk=ready.pk).state == "closed"
    assert Case.objects.get(pk=other.pk).state == "new"
    assert len(entries("case.moved")) == 1


def test_tagged_and_untagged(desk: Desk) -> None:
    cases = [desk.case, another()]
    run(desk.caseworker, cases, Action.TAG, " #School ")
    run(desk.caseworker, cases, Action.TAG, "school")
    assert list(CaseTag.objects.values_list("name", flat=True)) == ["school", "school"]
    assert entries("case.tagged") == [{"tags": 1}, {"tags": 1}]
    run(desk.caseworker, cases[:1], Action.UNTAG, "school")
    assert CaseTag.objects.get().case == cases[1]


def test_another_teams_cases_are_not_there(desk: Desk) -> None:
    assert run(desk.outsider, [desk.case], Action.TAG, "school") == bulk.Result(0, ())
    assert not CaseTag.objects.exists()


def test_what_nobody_may(desk: Desk) -> None:
    before = Entry.objects.count()
    with pytest.raises(NotAllowed):
        run(desk.caseworker, [desk.case], Action.ASSIGN, desk.caseworker.actor.id)
    with pytest.raises(NotAllowed):
        run(desk.auditor, [desk.case], Action.TAG, "school")
    for action, value, code in [
        (Action.TAG, "two words", "tag_format"),
        (Action.TAG, "x", "tag_format"),
        (Action.ASSIGN, "nobody", "not_in_team"),
    ]:
        with pytest.raises(Invalid) as refused:
            run(desk.supervisor, [desk.case], action, value)
        assert refused.value.code == code
    many = [f"{number:08d}" for number in range(bulk.MOST + 1)]
    for references in ([], many):
        with pytest.raises(Invalid) as too_many:
            bulk.run(desk.supervisor, references=references, wanted=Wanted(Action.TAG, "school"))
        assert too_many.value.code == "too_many_cases"
    with pytest.raises(NotFound):
        tagging.add(desk.outsider, case_id=desk.case.pk, name="school")
    with pytest.raises(NotFound):
        tagging.remove(desk.caseworker, case_id=uuid4(), name="school")
    CaseTag.objects.bulk_create(CaseTag(case=desk.case, name=f"tag-{n}") for n in range(tagging.MOST))
    with pytest.raises(Conflict):
        tagging.add(desk.caseworker, case_id=desk.case.pk, name="school")
    assert Entry.objects.count() == before
