"""How much somebody has looked at in a day, and when it is enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.agency.models import Agency, Team
from portal.audit.models import Entry
from portal.core import clock
from portal.core.errors import Conflict
from portal.vault import exposure, services
from portal.vault.exposure import Exposure
from portal.vault.models import Picture, Reveal
from tests.factories import ctx_of, make_agency, make_staff, make_team
from tests.hashing.listing import make_picture

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REASON = "To confirm what the person described"


@pytest.fixture
def team() -> Team:
    make_agency(looks_a_day=4, looks_then_rest=2)
    return make_team()


@pytest.fixture
def ada(team: Team) -> Staff:
    return make_staff(Role.CASEWORKER, [team])


@pytest.fixture
def picture() -> Picture:
    return make_picture()


def looked(staff: Staff, picture: Picture, team: Team, number: int = 1) -> None:
    now = clock.now()
    for _ in range(number):
        Reveal.objects.create(
            picture=picture,
            staff_id=staff.pk,
            team_id=team.pk,
            reason=REASON,
            reason_salt=b"salt",
            requested_at=now,
            ready_at=now,
            opened_at=now,
            closes_at=now + timedelta(seconds=60),
        )


def asked(staff: Staff, picture: Picture, team: Team) -> Reveal:
    return services.request_reveal(ctx_of(staff), picture_id=picture.pk, reason=REASON, team=team.pk)


def test_only_what_was_opened_today_by_this_person_counts(ada: Staff, picture: Picture, team: Team) -> None:
    with time_machine.travel(MORNING, tick=False) as time:
        looked(ada, picture, team, 2)
        time.shift(15 * 3600)  # past midnight
        assert exposure.today(ada.pk) == Exposure(0, 0, 4, 2)
        looked(ada, picture, team, 3)
        looked(make_staff(), picture, team)
        asked(ada, picture, team)
        assert exposure.today(ada.pk) == Exposure(3, 180, 4, 2)
        assert exposure.today(ada.pk).minutes == 3


def test_the_nudge_comes_after_every_second_look(ada: Staff, picture: Picture, team: Team) -> None:
    nudged = []
    for _ in range(5):
        nudged.append(exposure.today(ada.pk).should_rest)
        looked(ada, picture, team)
    assert nudged == [False, False, True, False, True]


def test_the_day_ends_with_the_last_look(ada: Staff, picture: Picture, team: Team) -> None:
    looked(ada, picture, team, 3)
    asked(ada, picture, team)
    looked(ada, picture, team)
    before = Entry.objects.count()
    with pytest.raises(Conflict) as refusal:
        asked(ada, picture, team)
    assert refusal.value.code == "looked_enough"
    assert (Reveal.objects.count(), Entry.objects.count()) == (5, before)
    asked(make_staff(Role.CASEWORKER, [team]), picture, team)


def test_one_asked_for_before_is_not_opened_after(ada: Staff, picture: Picture, team: Team) -> None:
    waiting = asked(ada, picture, team)
    Reveal.objects.filter(pk=waiting.pk).update(ready_at=clock.now())
    looked(ada, picture, team, 4)
    with pytest.raises(Conflict) as refusal:
        services.open_reveal(ctx_of(ada), reveal_id=waiting.pk)
    assert refusal.value.code == "looked_enough"
    assert Reveal.objects.get(pk=waiting.pk).opened_at is None
    assert not Entry.objects.filter(verb="picture.revealed").exists()


def test_an_agency_may_set_no_end(ada: Staff, picture: Picture, team: Team) -> None:
    Agency.objects.update(looks_a_day=0, looks_then_rest=0)
    looked(ada, picture, team, 50)
    asked(ada, picture, team)
    assert (exposure.today(ada.pk).is_over, exposure.today(ada.pk).should_rest) == (False, False)
