"""The visit: unreadable for the server alone, over in time, and gone on request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from cases import cookies, limits
from cases.intake.draft import Draft
from cases.models import Purpose, Visit, VisitPicture
from cases.services import visits
from portal.agency.models import Agency
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import TooMany
from portal.vault.models import Picture
from tests.cases.intake.test_files import at_files, file
from tests.cases.visitors import STORY, Visitor


def later(minutes: float) -> Context:
    return Context(Context.visitor().actor, at=clock.now() + timedelta(minutes=minutes))


def aged(minutes: float) -> None:
    """As if the visit had begun, and rested, for so long."""
    Visit.objects.update(seen_at=clock.now() - timedelta(minutes=minutes))


def test_the_cookie_is_closed_to_scripts_and_other_sites(visitor: Visitor) -> None:
    cookie = visitor.step("start").cookies["visit"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert len(cookie.value) == 43


def test_no_cookie_outlives_the_browser(visitor: Visitor) -> None:
    visitor.get("/")
    visitor.step("start")
    visitor.post("/language", {"language": "ar"})
    kept = {name: (cookie["max-age"], cookie["expires"]) for name, cookie in visitor.cookies.items()}
    assert kept == {"form": ("", ""), "visit": ("", ""), "lang": ("", "")}


def test_the_table_holds_nothing_that_can_be_read(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tell()
    row = Visit.objects.get()
    assert visitor.token not in row.id
    assert STORY.encode() not in bytes(row.payload)
    other = visits.load(Context.visitor(), token="another token", purpose=Purpose.REPORT)
    assert other is None


def test_a_payload_moved_to_another_visit_does_not_open(visitor: Visitor) -> None:
    visitor.begin()
    second = Visitor()
    second.begin()
    payload = Visit.objects.get(pk=visits._id(visitor.token)).payload
    Visit.objects.filter(pk=visits._id(second.token)).update(payload=payload)
    assert visits.load(Context.visitor(), token=second.token, purpose=Purpose.REPORT) is None


@pytest.mark.parametrize(("minutes", "status"), [(29, 303), (30, 410)])
def test_half_an_hour_without_a_step_ends_it(visitor: Visitor, minutes: int, status: int) -> None:
    visitor.begin()
    aged(minutes)
    assert visitor.step("happened").status_code == status


def test_four_hours_end_it_whatever_happens(visitor: Visitor) -> None:
    visitor.begin()
    Visit.objects.update(expires_at=clock.now())
    assert visitor.step("happened").status_code == 410
    assert b"Begin again" in visitor.step("happened").content


def test_a_get_changes_nothing(visitor: Visitor) -> None:
    visitor.begin()
    before = Visit.objects.values_list().get()
    visitor.get("/")
    visitor.get("/")
    assert Visit.objects.values_list().get() == before


def test_exit_ends_the_visit_and_clears_the_browser(visitor: Visitor) -> None:
    visitor.begin()
    answer = visitor.get("/exit")
    assert (answer.status_code, answer["Location"]) == (303, "https://www.wikipedia.org/")
    assert answer["Clear-Site-Data"] == '"cookies", "storage"'
    assert "no-store" in answer["Cache-Control"]
    assert bytes(Visit.objects.get().payload) == b""
    assert visitor.cookies["visit"].value == ""


def test_exit_works_for_anybody(agency: Agency) -> None:
    assert Client().get("/exit").status_code == 303


def test_the_sweep_shreds_what_was_left_behind(visitor: Visitor) -> None:
    at_files(visitor)
    visitor.step("files", "add", upload=[file()])
    assert visits.sweep(later(29)) == 0
    assert visits.sweep(later(31)) == 1
    picture = Picture.objects.get()
    assert (picture.state, picture.wrapped_key, picture.shred_reason) == ("shredded", None, "abandoned")
    assert (Visit.objects.count(), VisitPicture.objects.count()) == (0, 0)


def test_the_sweep_leaves_a_sent_reports_files_alone(visitor: Visitor) -> None:
    at_files(visitor)
    visitor.step("files", "add", upload=[file()])
    visitor.step("files")
    visitor.finish()
    assert visits.sweep(later(300)) == 1
    assert Picture.objects.get().state == "stored"


def test_no_page_of_the_journey_has_a_topic_in_its_title_or_address(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.get("/").content.decode()
    assert "<title>Updates</title>" in page
    assert page.count("<h1") == 1


def test_over_https_the_cookie_is_bound_to_the_host(settings: Settings) -> None:
    assert ("__Host-visit" if settings.HTTPS else "visit") == cookies.NAME


def test_a_networks_limit_and_its_fallback(agency: Agency, settings: Settings) -> None:
    for _ in range(60):
        limits.spend("report", "net-1")
    with pytest.raises(TooMany) as refused:
        limits.spend("report", "net-1")
    assert (refused.value.code, refused.value.retry_after) == ("too_many", 3600)
    limits.spend("report", "net-2")
    limits.spend("report", "loopback")
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    limits._limiter.cache_clear()
    limits.spend("report", "net-1")
    limits._limiter.cache_clear()


def test_no_address_is_stored(visitor: Visitor) -> None:
    visitor.begin()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(v::text, ' ') FROM cases_visit v")
        assert "127.0.0.1" not in cursor.fetchone()[0]


def test_a_draft_of_another_version_still_opens() -> None:
    assert Draft.read({"step": "age", "about": "me", "gone_since": 1}) == Draft(step="age", about="me")


def test_a_new_request_ends_the_following_of_another(visitor: Visitor) -> None:
    reference, code = visitor.report()
    visitor.follow(reference, code)
    before = visitor.token
    visitor.step("start")
    assert visitor.token != before
    visitor.cookies["visit"] = before
    assert b"Follow your request" in visitor.get("/follow/").content
