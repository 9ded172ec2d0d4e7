"""How a visit goes on without a step, how it ends, and what the page says of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from cases.intake import views
from cases.models import Visit
from portal.core import clock
from portal.vault import uploads
from tests.cases.intake.test_files import at_files, file
from tests.cases.intake.test_visits import aged
from tests.cases.visitors import STORY, Visitor


def test_a_page_says_when_it_ends_with_and_without_script(visitor: Visitor) -> None:
    visitor.begin()
    Visit.objects.update(expires_at=clock.now() + timedelta(hours=1))
    page = visitor.get("/").content.decode()
    assert '<noscript><meta http-equiv="refresh" content="1800;url=/"></noscript>' in page
    assert 'data-idle="1800" data-left="35' in page
    assert "Each page stays for 30 minutes" in page


def test_pages_without_a_visit_have_no_end(visitor: Visitor) -> None:
    page = visitor.get("/").content.decode()
    assert "refresh" not in page
    assert "data-stay" not in page


def test_staying_counts_as_a_step(visitor: Visitor) -> None:
    visitor.begin()
    aged(29)
    assert visitor.post("/stay").status_code == 204
    assert clock.now() - Visit.objects.get().seen_at < timedelta(minutes=28)
    assert visitor.draft.step == "happened"


def test_what_is_over_can_not_be_stayed_on(visitor: Visitor) -> None:
    visitor.begin()
    aged(30)
    before = Visit.objects.get().seen_at
    assert visitor.post("/stay").status_code == 410
    assert Visit.objects.get().seen_at == before
    Visit.objects.update(seen_at=clock.now(), expires_at=clock.now())
    assert visitor.post("/stay").status_code == 410


def test_following_can_be_stayed_on_too(visitor: Visitor) -> None:
    reference, code = visitor.report()
    visitor.follow(reference, code)
    aged(29)
    assert visitor.post("/stay").status_code == 204


def test_staying_takes_a_form_of_ours_only(visitor: Visitor) -> None:
    assert visitor.post("/stay").status_code == 410
    assert visitor.get("/stay").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/stay").status_code == 403


def test_what_has_ended_says_so_once_and_shows_nothing_of_it(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tell()
    aged(30)
    answer = visitor.get("/")
    assert answer.status_code == 410
    assert "This page is over" in answer.content.decode()
    assert STORY not in answer.content.decode()
    assert visitor.cookies["visit"].value == ""
    assert visitor.get("/").status_code == 200


def test_who_follows_a_request_sees_the_first_page_and_goes_on_following(visitor: Visitor) -> None:
    reference, code = visitor.report()
    visitor.follow(reference, code)
    assert b"This page is over" not in visitor.get("/").content
    assert visitor.get("/follow/").status_code == 200


def test_files_on_their_way_keep_the_visit(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    at_files(visitor)
    counted: list[bool] = []
    stay = views._stay
    monkeypatch.setattr(uploads, "ALIVE_SECONDS", 0.0)
    monkeypatch.setattr(views, "_stay", lambda request: counted.append(stay(request)))
    visitor.step("files", "add", upload=[file()])
    assert counted
    assert all(counted)
    monkeypatch.setattr(uploads, "ALIVE_SECONDS", 3600.0)
    counted.clear()
    visitor.step("files", "add", upload=[file()])
    assert counted == []
