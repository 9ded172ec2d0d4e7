"""What the person reads of the partners' feedback: how often it was stopped, in neutral words, by no name."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from cases.follow import status
from cases.models import Case
from hashing.lists import services
from hashing.lists.models import Entry, Quarantine
from hashing.lists.reports import DisputeReason, Report, Value
from hashing.lists.states import Wire
from portal.core.context import Context
from tests.cases.desk.conftest import case, entry, make_case, teams  # noqa: F401 (fixtures)
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import make_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(entry: Entry, case: Case) -> Entry:  # noqa: F811 (a fixture)
    approver = make_staff("supervisor", [case.team])
    services.approve(ctx_of(approver), entry_id=entry.pk, digest=entry.digest, team=case.team_id)
    services.publish_pending()
    entry.refresh_from_db()
    return entry


def report(name: str, found: Entry, value: Value, total: int = 1) -> None:
    partner = make_partner(name)
    reason = DisputeReason.HARMLESS if value is Value.DISPUTED else None
    services.give_feedback(
        Context.partner(partner.pk),
        partner=partner,
        wire=Wire.NATIVE,
        report=Report(entry_id=found.pk, value=value, reason=reason, total=total),
    )


def test_blocked_and_removed_uploads_of_all_partners(shared: Entry, case: Case) -> None:  # noqa: F811
    assert status.files(case)[0].stopped == ""
    report("One", shared, Value.BLOCKED)
    assert status.files(case)[0].stopped == "Platforms stopped it 1 time"
    report("Two", shared, Value.REMOVED, 4)
    report("Three", shared, Value.SEEN, 50)
    assert status.files(case)[0].stopped == "Platforms stopped it 5 times"
    with override("ar"):
        assert "5" in status.files(case)[0].stopped
        assert "Platforms" not in status.files(case)[0].stopped


def test_a_quarantine_is_a_pause(shared: Entry, case: Case) -> None:  # noqa: F811
    report("One", shared, Value.DISPUTED)
    assert Quarantine.objects.count() == 1
    line = status.files(case)[0]
    assert (line.sharing, line.stopped) == ("Sharing is paused while we look into it", "")
