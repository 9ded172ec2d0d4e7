"""Sessions that are listed and can be ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session

from portal.accounts import selectors, services
from portal.accounts.agents import described
from portal.accounts.models import DeskSession, Staff
from portal.audit.models import Entry
from portal.core.errors import NotAllowed, NotFound
from tests.factories import ctx_of, make_agency, make_staff
from tests.staff_fixtures import StaffBrowser, browser_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def ada() -> Staff:
    make_agency()
    return make_staff()


def is_in(browser: StaffBrowser) -> bool:
    return browser.get("/desk/you/").status_code == 200


def test_a_session_is_listed_with_when_it_was_used(ada: Staff) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser, _other = browser_of(ada), browser_of(make_staff())
        clock.shift(600)
        assert is_in(browser)
        ways = selectors.own_ways_in(ada.actor, key=browser.session.session_key)
    (sitting,) = ways.sittings
    assert (sitting.session.opened_at, sitting.seen_at) == (NOON, NOON + timedelta(minutes=10))
    assert (sitting.is_this, sitting.session.method) == (True, "app")


def test_one_that_has_ended_by_itself_is_not_listed(ada: Staff) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser_of(ada)
        clock.shift(15 * 60)
        assert selectors.own_ways_in(ada.actor, key=None).sittings == []


def test_logging_out_forgets_it(ada: Staff) -> None:
    browser_of(ada).post("/desk/logout")
    assert not DeskSession.objects.exists()


def test_one_is_ended_at_once(ada: Staff) -> None:
    here, there = browser_of(ada), browser_of(ada)
    ended = DeskSession.objects.get(session=there.session.session_key)
    assert here.post(f"/desk/you/sessions/{ended.pk}/end")["Location"] == "/desk/you/?done=ended"
    assert (is_in(here), is_in(there)) == (True, False)
    entry = Entry.objects.get()
    assert (entry.verb, entry.payload) == ("staff.sessions_ended", {"sessions": 1})
    assert entry.subject_id == str(ada.pk)


def test_all_others_are_ended_at_once(ada: Staff) -> None:
    here, there, phone, stranger = browser_of(ada), browser_of(ada), browser_of(ada), browser_of(make_staff())
    here.post("/desk/you/sessions/end-others")
    assert [is_in(one) for one in (here, there, phone, stranger)] == [True, False, False, True]
    assert Entry.objects.get().payload == {"sessions": 2}


def test_nobody_ends_somebody_elses(ada: Staff) -> None:
    browser, other = browser_of(ada), make_staff()
    session = DeskSession.objects.get()
    with pytest.raises(NotFound):
        services.end_session(ctx_of(other), session_id=session.pk)
    with pytest.raises(NotAllowed):
        services.end_other_sessions(ctx_of(other), staff_id=ada.pk, but="")
    with pytest.raises(NotAllowed):
        services.end_all_sessions(ctx_of(other), staff_id=ada.pk)
    assert is_in(browser)
    assert not Entry.objects.exists()


def test_an_administrator_ends_them_all_and_sees_how_many(ada: Staff) -> None:
    pair, administrator = [browser_of(ada), browser_of(ada)], browser_of(make_staff("administrator"))
    page = administrator.get(f"/desk/staff/{ada.pk}/").content.decode()
    assert "They are logged in on 2 browsers." in page
    administrator.post(f"/desk/staff/{ada.pk}/sessions")
    assert not any(map(is_in, pair))
    assert is_in(administrator)
    assert Entry.objects.get().payload == {"sessions": 2}
    assert "logged in on" not in administrator.get(f"/desk/staff/{ada.pk}/").content.decode()


def test_a_leavers_sessions_are_gone_from_the_table(ada: Staff) -> None:
    browser_of(ada)
    administrator = make_staff("administrator")
    make_staff("administrator")
    services.deactivate(ctx_of(administrator), staff_id=ada.pk)
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Safari/537.36", "Chrome, Android"),
        ("somebody@example.org", ""),
        ("", ""),
    ],
)
def test_a_browser_is_told_in_our_own_words(said: str, told: str) -> None:
    assert described(said) == told
