"""`GET /api/v1/pulls`: a partner's own pulls over every wire, as the log has them, and nobody else's."""

from __future__ import annotations

import pytest
from django.test import Client

from hashing.api.views import pulls as view
from hashing.lists import pulls, services
from hashing.lists.models import Partner
from hashing.lists.states import Scope, Wire
from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.core.context import Context
from portal.core.errors import NotAllowed
from tests.factories import make_staff
from tests.hashing.listing import Desk, admin, make_key, make_partner
from tests.hashing.wire import bearer, fetch_hashes, pull, refused

pytestmark = pytest.mark.django_db
PULLS = "/api/v1/pulls"


def test_only_the_own_pulls_of_every_wire_newest_first() -> None:
    Desk.make().listed()
    mine, theirs = make_partner("Mine"), make_partner("Theirs")
    key = make_key(Wire.NATIVE, mine)
    pull(key)
    pull(make_key(Wire.NATIVE, theirs))
    fetch_hashes(make_key(Wire.STOPNCII, mine))
    found = Client().get(PULLS, headers=bearer(key)).json()
    assert found["next_cursor"] is None
    assert found["pulls"][0]["at"] > found["pulls"][1]["at"]
    line = {"list": "reviewed", "after": 0, "position": 1, "entries": 1}
    assert [{name: value for name, value in one.items() if name != "at"} for one in found["pulls"]] == [
        {**line, "wire": "stopncii", "entries": found["pulls"][0]["entries"]},
        {**line, "wire": "native"},
    ]


def test_older_ones_follow_without_gap_or_repetition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "_PAGE", 2)
    Desk.make().listed()
    key = make_key(Wire.NATIVE)
    for _ in range(5):
        pull(key)
    seen: list[str] = []
    query: dict[str, str] = {}
    while True:
        page = Client().get(PULLS, query, headers=bearer(key)).json()
        seen += [one["at"] for one in page["pulls"]]
        if page["next_cursor"] is None:
            break
        assert len(page["pulls"]) == 2
        query = {"cursor": page["next_cursor"]}
    assert len(seen) == 5
    assert seen == sorted(set(seen), reverse=True)


def test_looking_needs_a_key_that_may_pull_and_leaves_no_pull() -> None:
    key = make_key(Wire.NATIVE)
    other = services.issue_key(
        admin(), partner=make_partner("Other"), wire=Wire.NATIVE, scopes=[Scope.FEEDBACK]
    )
    before = Entry.objects.filter(verb="list.pulled").count()
    assert Client().get(PULLS, headers=bearer(key)).json() == {"pulls": [], "next_cursor": None}
    assert Client().get(PULLS).status_code == 401
    assert Client().get(PULLS, headers=bearer(other)).status_code == 403
    refused(Client().get(PULLS, {"cursor": "1.x"}, headers=bearer(key)), 400, "bad_cursor")
    refused(Client().get(PULLS, {"since": "x"}, headers=bearer(key)), 400, "invalid")
    assert Entry.objects.filter(verb="list.pulled").count() == before


def test_who_may_ask() -> None:
    partner = make_partner("Mine")

    def ask(viewer: Context) -> None:
        assert pulls.of_partner(viewer.actor, partner, size=1).items == []

    ask(Context.partner(partner.pk))
    ask(Context(make_staff(Role.SUPERVISOR).actor))
    stranger: Partner = make_partner("Theirs")
    for context in (Context.partner(stranger.pk), Context(make_staff(Role.CASEWORKER).actor)):
        with pytest.raises(NotAllowed):
            ask(context)
