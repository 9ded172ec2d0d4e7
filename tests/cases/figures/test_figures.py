"""The public page of figures: exact counts from five on, nothing below; the statements to keep."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from hashing.lists import figures, locking, services, signing
from hashing.lists.models import Entry, List, Statement
from hashing.lists.reports import DisputeReason, Report, Value
from hashing.lists.statements import KIND
from hashing.lists.states import Wire
from portal.core import clock
from portal.core.context import Context
from tests.factories import make_agency
from tests.hashing.listing import Desk, make_partner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    figures.forget()
    yield
    figures.forget()


@pytest.fixture
def desk() -> Desk:
    make_agency()
    return Desk.make()


def page() -> str:
    response = Client().get("/figures/")
    assert response.status_code == 200
    return response.content.decode()


def list_many(desk: Desk, number: int) -> list[Entry]:
    entries = [desk.approved() for _ in range(number)]
    services.publish_pending()
    return entries


def test_from_five_on_counts_are_exact_and_below_hidden(desk: Desk) -> None:
    entries = list_many(desk, 11)
    for entry in entries[:5]:
        desk.withdraw(entry)
    for entry in entries[5:9]:
        services.quarantine(Context.system("tests"), entry_id=entry.pk, reason="disputed")
    partner = make_partner()
    for entry in entries[9:]:
        report = Report(entry_id=entry.pk, value=Value.DISPUTED, reason=DisputeReason.HARMLESS)
        services.give_feedback(Context.partner(partner.pk), partner=partner, wire=Wire.NATIVE, report=report)
    services.publish_pending()
    month = figures.current().months[0]
    assert (month.listed, month.withdrawn, month.quarantined, month.disputed) == (11, 5, 6, None)
    assert month.first == clock.now().date().replace(day=1)
    assert all(other.listed is None for other in figures.current().months[1:])
    assert len(figures.current().months) == 12
    shown = page()
    assert "Fewer than 5" in shown
    assert ">11<" in shown.replace("\n", "").replace(" ", "")
    assert shown.count("Fewer than 5 of each.") == 1, "the quiet months before are one line"


def test_before_anything_is_shared_the_year_is_one_line(desk: Desk) -> None:
    del desk
    newest, *_, oldest = figures.current().months
    shown = page()
    assert shown.count("Fewer than 5 of each.") == 1
    for month in (oldest, newest):
        assert f"<bdi>{month.first:%B %Y}</bdi>" in shown


def test_disputes_count_entries_not_reports(desk: Desk) -> None:
    entries = list_many(desk, 4)
    partners = [make_partner(name) for name in ("One", "Two", "Three")]
    for entry in entries:
        for partner in partners:
            report = Report(entry_id=entry.pk, value=Value.DISPUTED, reason=DisputeReason.HARMLESS)
            services.give_feedback(
                Context.partner(partner.pk), partner=partner, wire=Wire.NATIVE, report=report
            )
    assert figures.current().months[0].disputed is None


@pytest.mark.parametrize(("own", "share"), [(0, 100), (4, None), (5, 58)])
def test_the_reviewed_share_tells_of_no_small_group(desk: Desk, own: int, share: int | None) -> None:
    list_many(desk, 7)
    for _ in range(own):
        desk.propose(slug="self-reported")
    services.publish_pending()
    assert figures.current().reviewed == share


def test_the_time_to_withdraw_is_measured_to_the_feed(desk: Desk) -> None:
    entries = list_many(desk, 5)
    for entry in entries[:4]:
        desk.withdraw(entry)
    services.publish_pending()
    assert (figures.current().usual, figures.current().most) == (None, None)
    figures.forget()
    desk.withdraw(entries[4])
    services.publish_pending()
    usual, most = figures.current().usual, figures.current().most
    assert usual is not None
    assert most is not None
    assert 0 <= usual <= most < 60


def test_the_sandbox_counts_for_nothing(desk: Desk) -> None:
    sandbox = List.objects.get(slug="sandbox")
    Entry.objects.bulk_create(
        Entry(
            list=sandbox,
            rule=sandbox.rule,
            category="sandbox",
            picture_id=f"00000000-0000-0000-0000-{number:012}",
            state="listed",
            proposed_at=clock.now(),
            listed_at=clock.now(),
            guarded_at=clock.now(),
            digest="",
        )
        for number in range(9)
    )
    assert figures.current().months[0].listed is None
    assert figures.current().reviewed is None


def test_the_statements_are_there_to_keep(desk: Desk) -> None:
    list_many(desk, 1)
    assert "There is none yet." in page()
    assert Client().get("/figures/reviewed.txt").status_code == 404
    services.state_days(Context.system("tests"))
    figures.forget()
    assert "/figures/reviewed.txt" in page()
    response = Client().get("/figures/reviewed.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    (line,) = response.content.decode().splitlines()
    row = Statement.objects.get(list__slug="reviewed")
    assert line == row.signed
    assert signing.opened(KIND, line)["day"] == row.day.isoformat()
    assert Client().get("/figures/nothing.txt").status_code == 404
    assert locking.database_now().date() > row.day


def test_it_changes_nothing_and_is_neutral(desk: Desk) -> None:
    shown = page().lower()
    title = shown.partition("<title>")[2].partition("</title>")[0]
    assert not any(word in title for word in ("intimate", "abuse", "image", "picture"))
    assert Client().post("/figures/").status_code == 405
