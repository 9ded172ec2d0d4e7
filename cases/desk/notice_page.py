"""What a notice's page shows: the letter, what may be done with it, and whether it is what was sent."""

from __future__ import annotations

from typing import Any

from cases.desk import outcomes, words
from cases.desk.forms import DigestForm
from cases.models import Notice
from cases.notices import letter, regimes
from cases.notices.rendering import Form
from cases.services import notice_copies
from cases.states import NoticeState
from portal.accounts import policy
from portal.accounts.http import StaffRequest
from portal.accounts.roles import Perm


def context(request: StaffRequest, row: Notice) -> dict[str, Any]:
    state = NoticeState(row.state)
    unaltered = notice_copies.is_unaltered(row.case, row)
    gone = row.record_sealed is None
    text = b""
    if state is NoticeState.SENT and unaltered and not gone:
        text = notice_copies.read_copy(request.ctx, notice_id=row.pk, form=Form.TEXT)
    shown = None
    if state is not NoticeState.SENT and not gone:
        shown = letter.write(notice_copies.read_record(request.ctx, notice_id=row.pk))
    own = row.drafted_by_id == request.user.pk
    return {
        "notice": row,
        "case": row.case,
        "regime": regimes.BY_CODE[row.regime],
        "tone": words.NOTICE_TONE.get(row.state, "grey"),
        "letter": shown,
        "text": text.decode(),
        "gone": gone,
        "unaltered": unaltered,
        "forms": [form.value for form in Form] if text else [],
        "own": own,
        "digest_form": DigestForm(initial={"digest": row.digest}),
        "outcome": outcomes.sentence(request),
        **_may(request, row, state, own=own),
    }


def _may(request: StaffRequest, row: Notice, state: NoticeState, *, own: bool) -> dict[str, bool]:
    team = row.case.team_id
    works = policy.allows(request.actor, Perm.CASE_WORK, team=team)
    approves = policy.allows(request.actor, Perm.NOTICE_APPROVE, team=team)
    waits = row.formal and state is NoticeState.DRAFTED
    return {
        "waits": waits,
        "may_approve": waits and approves and not own,
        "may_send": works
        and (state is NoticeState.APPROVED or (not row.formal and state is NoticeState.DRAFTED)),
        "may_change": works and state in {NoticeState.DRAFTED, NoticeState.APPROVED},
    }
