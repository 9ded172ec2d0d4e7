"""The person hears of news only where they said that it is safe, and nothing of what it is."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest

from cases.models import Case
from cases.services.moving import move
from cases.services.opening import Report, open_case
from cases.states import CaseState
from portal.core import clock
from portal.core.context import Context
from portal.crypto.errors import KeyNotHeld
from portal.notify.models import Message
from portal.verify import contacts
from tests.cases.services.conftest import Desk
from tests.cases.visitors import deliver_all, mails


def active(desk: Desk) -> list[dict[str, str]]:
    """The mails that went out because the case is now in work."""
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.ACTIVE)
    deliver_all()
    return mails()


def test_one_neutral_notice(desk: Desk) -> None:
    Case.objects.update(contact_verified_at=clock.now())
    assert active(desk) == [
        {"to": "ann@post.example", "subject": "An update", "body": "There is an update to your request"}
    ]


@pytest.mark.parametrize("changes", [{}, {"contact_verified_at": None}])
def test_nothing_to_a_contact_that_is_not_confirmed(desk: Desk, changes: dict[str, Any]) -> None:
    Case.objects.update(**changes)
    assert active(desk) == []


@pytest.mark.parametrize("safety", ["", "no", "no\nyes", "\nyes"])
def test_nothing_where_a_message_is_not_said_to_be_safe(desk: Desk, safety: str) -> None:
    report = Report(
        about=desk.case.about,  # type: ignore[arg-type]  # a plain string of the same value
        age_route=desk.case.age_route,  # type: ignore[arg-type]  # as above
        contact=contacts.email("bob@post.example"),
        safety=safety,
    )
    with mock.patch("cases.services.opening._team", return_value=desk.case.team):
        case = open_case(Context.visitor(), report=report).case
    Case.objects.filter(pk=case.pk).update(contact_verified_at=clock.now())
    move(desk.caseworker, case_id=case.id, to=CaseState.ACTIVE)
    assert Message.objects.count() == 0


def test_sorting_is_no_news(desk: Desk) -> None:
    Case.objects.update(contact_verified_at=clock.now())
    move(desk.caseworker, case_id=desk.case.id, to=CaseState.TRIAGE)
    assert Message.objects.count() == 0


def test_a_process_without_the_desks_key_moves_all_the_same(desk: Desk) -> None:
    Case.objects.update(contact_verified_at=clock.now())
    with mock.patch("cases.services.updates.open_case_key", side_effect=KeyNotHeld):
        assert active(desk) == []
    assert desk.fresh().state == "active"
