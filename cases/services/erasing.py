"""What was written in a case goes: with a deletion, or when its time is over."""

from __future__ import annotations

from cases import states
from cases.models import Assessment, Case, Hold, Notice, NoticeCopy, PriorityChoice
from cases.services import linking
from cases.states import NoticeState
from portal.audit import Subject, Verb, record
from portal.core.context import Context


def erase(ctx: Context, case: Case) -> None:
    """Delete addresses, accounts, links, messages and letters, empty every sealed field of a locked case.

    The caller saves it.

    That a letter was sent, when and to which service stays, without what it said.
    """
    _end_drafts(ctx, case)
    NoticeCopy.objects.filter(notice__case=case).delete()
    Notice.objects.filter(case=case).update(record_sealed=None, salt=None)
    linking.forget(case)
    for rows in (case.locations, case.messages, case.regains, case.handles, case.tags):
        rows.all().delete()
    for hold in Hold.objects.select_for_update().filter(case=case):
        hold.reason = hold.law = ""
        hold.save(update_fields=["reason", "law"])
    for row in Assessment.objects.select_for_update(of=("self",)).filter(case=case):
        row.reasons = row.review_reasons = ""
        row.save(update_fields=["reasons", "review_reasons"])
    PriorityChoice.objects.filter(case=case).delete()
    case.triage_reasons = []
    case.may_regain = False
    case.deletion_due_at = case.deletion_asked_at = None
    case.private_for_desk = None
    case.contact_sealed = None
    case.contact_index = None
    case.safety_sealed = None
    case.story_sealed = None
    case.details_sealed = None


def _end_drafts(ctx: Context, case: Case) -> None:
    open_states = [NoticeState.DRAFTED, NoticeState.APPROVED]
    for row in Notice.objects.select_for_update().filter(case=case, state__in=open_states).order_by("pk"):
        states.check(states.NOTICE, now=NoticeState(row.state), to=NoticeState.TAKEN_BACK)
        row.state = NoticeState.TAKEN_BACK
        row.save(update_fields=["state"])
        record(ctx, Verb.NOTICE_TAKEN_BACK, Subject("notice", row.pk), case=case.pk)
