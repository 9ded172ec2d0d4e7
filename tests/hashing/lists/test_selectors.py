"""Which partner was given an entry, and which has been told that it is withdrawn."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from hashing.lists import selectors, services
from hashing.lists.models import Publication
from hashing.lists.selectors import Reach
from hashing.lists.states import Wire
from portal.accounts.roles import Role
from portal.core.context import Actor, ActorKind, Context
from portal.core.errors import NotAllowed
from tests.factories import make_staff
from tests.hashing.listing import Desk, make_key, make_partner
from tests.hashing.wire import fetch_hashes, pull

pytestmark = pytest.mark.django_db
SYSTEM = Context.system("tests").actor


def test_told_once_handed_out_and_confirmed_once_they_come_back() -> None:
    desk, partner = Desk.make(), make_partner("Platform")
    make_partner("Never pulled")
    native, stopncii = make_key(Wire.NATIVE, partner), make_key(Wire.STOPNCII, partner)
    entry = desk.listed()
    assert selectors.reach(SYSTEM, entry.pk) == []
    cursor = pull(native)["next_cursor"]
    start = fetch_hashes(stopncii)["nextSetTimestamp"]
    wires = (Wire.NATIVE, Wire.STOPNCII)
    assert selectors.reach(SYSTEM, entry.pk) == [
        Reach("Platform", wire, told=False, confirmed=False) for wire in wires
    ]
    desk.withdraw(entry)
    services.publish_pending()
    cursor = pull(native, cursor=cursor)["next_cursor"]
    start = fetch_hashes(stopncii, startTimestamp=start)["nextSetTimestamp"]
    assert selectors.reach(SYSTEM, entry.pk) == [
        Reach("Platform", wire, told=True, confirmed=False) for wire in wires
    ]
    pull(native, cursor=cursor)
    fetch_hashes(stopncii, startTimestamp=start + 1)
    assert selectors.reach(SYSTEM, entry.pk) == [
        Reach("Platform", wire, told=True, confirmed=True) for wire in wires
    ]


def test_only_those_whom_it_concerns_may_ask() -> None:
    desk = Desk.make()
    entry = desk.listed()
    for actor in (make_staff(Role.AUDITOR).actor, Actor(ActorKind.PARTNER, str(uuid.uuid4()))):
        with pytest.raises(NotAllowed):
            selectors.reach(actor, entry.pk)
    for actor in (desk.caseworker.actor, make_staff(Role.ADMINISTRATOR).actor, Context.visitor().actor):
        assert selectors.reach(actor, entry.pk) == []


def test_the_value_goes_45_days_after_the_tombstone() -> None:
    desk = Desk.make()
    entry = desk.listed()
    assert selectors.value_kept_until(entry) is None
    desk.withdraw(entry)
    services.publish_pending()
    entry.refresh_from_db()
    line = Publication.objects.get(state="withdrawn")
    assert selectors.value_kept_until(entry) == line.at + timedelta(days=45)
    never = desk.withdraw(desk.approved())
    assert selectors.value_kept_until(never) is None
