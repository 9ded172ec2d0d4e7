"""A report becomes a case in one transaction, sealed to keys of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from unittest import mock
from uuid import uuid4

import pytest
from django.db import connections

from cases import limits
from cases.models import About, AgeRoute, Case, CasePicture, Consent, Location
from cases.services import opening
from cases.services.desk_keys import read_contact, read_story
from cases.services.opening import Confirmation, Report, open_case
from cases.services.safety import Safety
from portal.audit.models import Entry
from portal.core.context import Context
from portal.core.errors import NotAllowed, NotFound
from portal.verify import contacts
from tests.cases.services.conftest import Desk
from tests.cases.visitors import Visitor
from tests.factories import make_agency
from tests.hashing.listing import make_picture


def test_the_desk_opens_what_was_sealed_and_each_reading_is_audited(desk: Desk) -> None:
    told = read_story(desk.caseworker, case_id=desk.case.id)
    contact = read_contact(desk.caseworker, case_id=desk.case.id)
    assert told.story == "canary-story"
    assert [address for _id, address in told.links] == ["https://host.example/1"]
    assert contact is not None
    assert (contact.channel, contact.value) == ("email", "ann@post.example")
    assert contact.safety == Safety("yes", "Mondays")
    read = Entry.objects.filter(actor_id=desk.caseworker.actor.id).order_by("waiting__position")
    assert list(read.values_list("verb", "payload")) == [
        ("case.read", {"part": "story"}),
        ("case.contact_read", {}),
    ]


def test_others_open_nothing(desk: Desk) -> None:
    before = Entry.objects.count()
    with pytest.raises(NotFound):
        read_story(desk.outsider, case_id=desk.case.id)
    with pytest.raises(NotFound):
        read_contact(desk.outsider, case_id=desk.case.id)
    with pytest.raises(NotAllowed):
        read_contact(desk.auditor, case_id=desk.case.id)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("route", [AgeRoute.MINOR, AgeRoute.UNSURE])
def test_files_never_come_with_a_child(desk: Desk, route: AgeRoute) -> None:
    report = Report(about=About.ME, age_route=route, picture_ids=(make_picture().id,))
    with pytest.raises(NotAllowed) as refused:
        open_case(Context.visitor(), report=report)
    assert refused.value.code == "no_files"
    assert Case.objects.count() == 1


def test_a_contact_counts_as_confirmed_only_if_its_challenge_was(desk: Desk) -> None:
    """Whatever the draft says."""
    report = Report(
        about=About.ME,
        age_route=AgeRoute.ADULT,
        contact=contacts.email("bob@post.example"),
        confirmation=Confirmation(uuid4(), "visit"),
    )
    case = open_case(Context.visitor(), report=report).case
    assert (case.state, case.contact_verified_at) == ("new", None)


def test_all_or_nothing(desk: Desk) -> None:
    picture = make_picture()
    report = Report(
        about=About.ME, age_route=AgeRoute.ADULT, links=("https://a.example/",), picture_ids=(picture.id,)
    )
    counts = [model.objects.count() for model in (Case, Location, CasePicture, Consent, Entry)]
    with (
        mock.patch.object(opening, "_add_consents", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        open_case(Context.visitor(), report=report)
    assert [model.objects.count() for model in (Case, Location, CasePicture, Consent, Entry)] == counts


def test_ten_sends_at_once_make_one_case(committed_db: None) -> None:
    limits._limiter.cache_clear()
    make_agency()
    visitor = Visitor()
    visitor.begin()
    visitor.tell()
    visitor.step("files")
    visitor.step("links")
    visitor.step("more")
    visitor.step("consents")
    token = visitor.token

    def send(number: int) -> int:
        browser = Visitor()
        browser.cookies["visit"] = token
        try:
            return int(browser.step("check").status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(send, range(10)))
    assert statuses == [303] * 10
    assert Case.objects.count() == 1
    assert Entry.objects.filter(verb="case.opened").count() == 1
