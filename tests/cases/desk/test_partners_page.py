"""The partner page: how far each has come, what it hasn't confirmed, and who may look."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client

from cases.desk.partners import PULLS
from hashing.lists import services
from hashing.lists.models import Partner, PartnerPosition
from hashing.lists.reports import Report, Value
from hashing.lists.states import Wire
from portal.accounts.roles import Role
from portal.core.context import Context
from tests.factories import make_staff
from tests.hashing.listing import Desk, admin, make_key, make_partner, reviewed
from tests.hashing.wire import bearer, fetch_hashes, pull
from tests.staff_fixtures import StaffBrowser, browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> StaffBrowser:
    return browser_of(make_staff(Role.ADMINISTRATOR))


def page_of(browser: StaffBrowser, partner: Partner) -> str:
    response = browser.get(f"/desk/partners/{partner.pk}/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def partner() -> Partner:
    return make_partner("Platform One")


def test_it_shows_agreement_lists_keys_and_reports(administrator: StaffBrowser, partner: Partner) -> None:
    entry = Desk.make().listed()
    key = make_key(Wire.NATIVE, partner)
    pull(key)
    report = Report(entry_id=entry.pk, value=Value.BLOCKED, total=12)
    services.give_feedback(Context.partner(partner.pk), partner=partner, wire=Wire.NATIVE, report=report)
    page = page_of(administrator, partner)
    for words in ("2026-1, Head of Safety", "ab" * 32, "Reviewed", "Sandbox", key.prefix, "Blocked", ">12<"):
        assert words in page.replace("\n", "").replace("  ", "") or words in page
    assert key.secret not in page
    assert "Every withdrawal confirmed" in page
    assert "Position 1" in page


def test_it_tells_what_more_than_hashes_a_partner_gets(administrator: StaffBrowser, partner: Partner) -> None:
    assert "With regional codes" not in page_of(administrator, partner)
    services.entitle(admin(), partner=partner, hash_list=reviewed(), regional=True, looks=True)
    page = page_of(administrator, partner)
    assert (page.count("With regional codes"), page.count("Told of looks")) == (1, 1)


@pytest.mark.parametrize("wire", [Wire.NATIVE, Wire.STOPNCII])
def test_it_counts_withdrawals_until_the_partner_comes_back_from_beyond(
    wire: Wire, administrator: StaffBrowser, partner: Partner
) -> None:
    desk, key = Desk.make(), make_key(wire, partner)
    entry = desk.listed()

    if wire is Wire.STOPNCII:
        fetch_hashes(key)
    else:
        cursor = pull(key)["next_cursor"]
    desk.withdraw(entry)
    services.publish_pending()
    assert "1 withdrawal not confirmed" in page_of(administrator, partner)
    if wire is Wire.NATIVE:
        beyond = pull(key, cursor=cursor)["next_cursor"]
        assert "1 withdrawal not confirmed" in page_of(administrator, partner)
        pull(key, cursor=beyond)
        assert "Every withdrawal confirmed" in page_of(administrator, partner)


def test_it_counts_refusals_by_reason(administrator: StaffBrowser, partner: Partner) -> None:
    key = make_key(Wire.NATIVE, partner)
    services.revoke_key(admin(), prefix=key.prefix)
    for _ in range(3):
        assert Client().get("/api/v1/lists/", headers=bearer(key)).status_code == 401
    page = page_of(administrator, partner)
    assert "revoked" in page
    assert ">3<" in page.replace(" ", "").replace("\n", "")


def test_it_shows_the_pulls_page_by_page(administrator: StaffBrowser, partner: Partner) -> None:
    Desk.make().listed()
    key = make_key(Wire.NATIVE, partner)
    assert "Nothing was found." in page_of(administrator, partner)
    for _ in range(PULLS + 1):
        pull(key)
    pull(make_key(Wire.NATIVE, make_partner("Platform Two")))
    first = administrator.get(f"/desk/partners/{partner.pk}/")
    assert first.content.decode().count("From 0 to 1") == PULLS
    older = administrator.get(f"/desk/partners/{partner.pk}/", {"after": first.context["pulls"].next})
    assert older.content.decode().count("From 0 to 1") == 1
    assert older.context["pulls"].next == ""
    assert administrator.get(f"/desk/partners/{partner.pk}/?after=nonsense").status_code == 422


def test_a_silent_one_is_marked(administrator: StaffBrowser, partner: Partner) -> None:
    Desk.make().listed()
    pull(make_key(Wire.NATIVE, partner))
    PartnerPosition.objects.update(pulled_at=F("pulled_at") - timedelta(days=15))
    assert "Silent" in administrator.get("/desk/partners/").content.decode()
    assert "pulled nothing for two weeks" in page_of(administrator, partner)


def test_one_that_left_shows_what_was_asked(administrator: StaffBrowser, partner: Partner) -> None:
    services.off_board(admin(), partner=partner)
    page = page_of(administrator, partner)
    assert "No certificate yet" in page
    paper = services.Document(sha256="cd" * 32, signed_by="Their Counsel")
    services.certify_deletion(admin(), partner=partner, document=paper)
    assert "Their Counsel" in page_of(administrator, partner)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.ADMINISTRATOR, 200),
        (Role.SUPERVISOR, 200),
        (Role.CASEWORKER, 403),
        (Role.AUDITOR, 403),
    ],
)
def test_who_may_look(role: Role, status: int, partner: Partner) -> None:
    browser = browser_of(make_staff(role))
    assert browser.get("/desk/partners/").status_code == status
    assert browser.get(f"/desk/partners/{partner.pk}/").status_code == status
    assert Client().get("/desk/partners/").status_code == 302


def test_an_unknown_one_is_not_there(administrator: StaffBrowser) -> None:
    assert administrator.get(f"/desk/partners/{uuid4()}/").status_code == 404
