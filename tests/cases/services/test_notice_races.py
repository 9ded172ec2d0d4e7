"""Two people at one notice in the same moment: exactly one wins, and the other is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.models import About, AgeRoute, Case, Notice, NoticeCopy
from cases.services import notice_drafting, notice_sending
from cases.services.opening import Report, open_case
from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.core.context import Context
from portal.notify.models import Message
from tests.cases.desk.noticed import WANTED, a_notice
from tests.cases.services.test_races import at_once
from tests.factories import ctx_of, make_agency, make_staff


@pytest.fixture
def case(committed_db: None) -> Case:
    make_agency()
    links = ("https://host.example/1",)
    report = Report(about=About.ME, age_route=AgeRoute.ADULT, links=links)
    return open_case(Context.visitor(), report=report).case


def test_two_approve_then_one_changes_while_another_approves_then_two_send(case: Case) -> None:
    row = a_notice(case)
    bosses = [ctx_of(make_staff(Role.SUPERVISOR, [case.team])) for _ in range(2)]
    worker = ctx_of(make_staff(Role.CASEWORKER, [case.team]))

    def approve(ctx: Context, digest: str) -> object:
        return notice_sending.approve(ctx, notice_id=row.pk, digest=digest)

    first = row.digest
    ends = at_once(lambda: approve(bosses[0], first), lambda: approve(bosses[1], first))
    assert sorted(ends) == ["done", "wrong_state"]
    other = replace(WANTED, hours=30)
    notice_drafting.redraft(worker, notice_id=row.pk, wanted=other)
    second = Notice.objects.get().digest
    again = replace(WANTED, hours=40)
    ends = at_once(
        lambda: notice_drafting.redraft(worker, notice_id=row.pk, wanted=again),
        lambda: approve(bosses[0], second),
    )
    assert ends[0] == "done"  # either way the newest text is a draft that nobody approved
    assert ends[1] in {"done", "changed"}
    now = Notice.objects.get()
    assert (now.state, now.hours, now.approved_by) == ("drafted", 40, None)
    approve(bosses[1], now.digest)
    ends = at_once(*[lambda: notice_sending.send(worker, notice_id=row.pk)] * 2)
    assert sorted(ends) == ["done", "wrong_state"]
    assert (NoticeCopy.objects.count(), Message.objects.count()) == (4, 1)
    assert Entry.objects.filter(verb="notice.sent").count() == 1
