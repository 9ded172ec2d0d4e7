"""Seeing a picture: why, a code, a wait, a minute; each look is recorded, and nothing comes before it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from cases.models import Case, CasePicture
from hashing.services import fingerprint_picture
from portal.accounts.roles import Role
from portal.agency.models import Agency
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.core.context import Context
from portal.vault.models import Reveal
from portal.vault.services.rendering import render_reveal
from tests.cases.desk.conftest import MakeCase, StateOf, Teams, verbs_about
from tests.factories import make_staff
from tests.photos import stored
from tests.portal.vault.test_exposure import looked
from tests.staff_fixtures import StaffBrowser, browser_of

REASON = {"reason": "to tell two copies apart"}


@pytest.fixture
def real_case(make_case: MakeCase) -> Case:
    """A case with a real photograph in the vault, checked."""
    case = make_case(pictures=0)
    picture = stored()
    CasePicture.objects.create(case=case, picture=picture, position=1)
    assert fingerprint_picture(Context.system("test"), picture_id=picture.pk)
    return case


def ask(browser: StaffBrowser, case: Case) -> Reveal:
    response = browser.post(f"/desk/cases/{case.reference}/files/1/view", REASON)
    reveal = Reveal.objects.latest("requested_at")
    assert response["Location"] == f"/desk/cases/{case.reference}/views/{reveal.pk}/"
    return reveal


def ready(reveal: Reveal) -> None:
    assert render_reveal(Context.system("test"), reveal_id=reveal.pk)


def address(case: Case, reveal: Reveal, tail: str = "") -> str:
    return f"/desk/cases/{case.reference}/views/{reveal.pk}/{tail}"


def test_the_preview_is_a_new_small_grey_encoding(caseworker: StaffBrowser, real_case: Case) -> None:
    page = caseworker.get(f"/desk/cases/{real_case.reference}/").content.decode()
    assert f'src="/desk/cases/{real_case.reference}/files/1/preview"' in page
    assert "picture.previewed" not in verbs_about(real_case)
    response = caseworker.get(f"/desk/cases/{real_case.reference}/files/1/preview")
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "no-store"
    assert response.content.startswith(b"\xff\xd8\xff")
    assert verbs_about(real_case)[-1] == "picture.previewed"


def test_a_minute_from_the_first_look(caseworker: StaffBrowser, real_case: Case) -> None:
    reveal = ask(caseworker, real_case)
    waiting = caseworker.get(address(real_case, reveal))
    assert waiting["Refresh"] == "2"
    assert "Look again now" in waiting.content.decode()
    ready(reveal)
    page = caseworker.get(address(real_case, reveal))
    assert "Refresh" not in page
    assert "Show it for 60 seconds" in page.content.decode()
    assert "picture.revealed" not in verbs_about(real_case)

    assert caseworker.post(address(real_case, reveal, "open")).status_code == 302
    shown = caseworker.get(address(real_case, reveal))
    assert shown["Refresh"].endswith(f"; url=/desk/cases/{real_case.reference}/")
    assert 55 <= int(shown["Refresh"].partition(";")[0]) <= 60
    content = caseworker.get(address(real_case, reveal, "content"))
    assert content["Content-Type"] == "image/jpeg"
    assert content["Cache-Control"] == "no-store"
    assert verbs_about(real_case).count("picture.revealed") == 2
    last = AuditEntry.objects.filter(verb="picture.revealed").latest("at")
    assert last.actor_id == str(caseworker.staff.pk)

    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        assert "The 60 seconds are over" in caseworker.get(address(real_case, reveal)).content.decode()
        assert caseworker.get(address(real_case, reveal, "content")).status_code == 409


def test_the_content_does_not_start_the_minute(caseworker: StaffBrowser, real_case: Case) -> None:
    reveal = ask(caseworker, real_case)
    ready(reveal)
    assert caseworker.get(address(real_case, reveal, "content")).status_code == 404
    reveal.refresh_from_db()
    assert reveal.opened_at is None
    assert "picture.revealed" not in verbs_about(real_case)


def test_what_is_never_opened_lapses(caseworker: StaffBrowser, real_case: Case) -> None:
    reveal = ask(caseworker, real_case)
    ready(reveal)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        page = caseworker.get(address(real_case, reveal)).content.decode()
        assert "It was not opened in time" in page
        assert caseworker.post(address(real_case, reveal, "open")).status_code == 409


def test_a_failed_rendering_says_so(caseworker: StaffBrowser, real_case: Case) -> None:
    reveal = ask(caseworker, real_case)
    Reveal.objects.filter(pk=reveal.pk).update(failed_at=clock.now())
    response = caseworker.get(address(real_case, reveal))
    assert "It could not be shown" in response.content.decode()
    assert "Refresh" not in response


@pytest.mark.parametrize("reason", ["", "too short", " " * 20])
def test_without_a_reason_nothing_is_asked(
    reason: str, caseworker: StaffBrowser, case: Case, state_of: StateOf
) -> None:
    before = state_of(case)
    response = caseworker.post(f"/desk/cases/{case.reference}/files/1/view", {"reason": reason})
    assert response.status_code == 200
    assert "govuk-error-summary" in response.content.decode()
    assert state_of(case) == before


def test_a_code_is_asked_for_again_and_the_reason_kept(
    caseworker: StaffBrowser, case: Case, state_of: StateOf
) -> None:
    session = caseworker.session
    session["stepped_up_at"] = clock.now().timestamp() - 301
    session.save()
    before = state_of(case)
    page = caseworker.post(f"/desk/cases/{case.reference}/files/1/view", REASON).content.decode()
    assert '<input type="hidden" name="reason" value="to tell two copies apart">' in page
    assert state_of(case) == before


def test_only_who_asked_may_look(
    caseworker: StaffBrowser, real_case: Case, teams: Teams, state_of: StateOf
) -> None:
    reveal = ask(caseworker, real_case)
    ready(reveal)
    colleague = browser_of(make_staff(Role.SUPERVISOR, [teams.own]))
    before = state_of(real_case)
    assert colleague.get(address(real_case, reveal)).status_code == 404
    assert colleague.post(address(real_case, reveal, "open")).status_code == 404
    assert colleague.get(address(real_case, reveal, "content")).status_code == 404
    assert state_of(real_case) == before


def test_a_view_of_one_case_is_not_found_in_another(
    caseworker: StaffBrowser, real_case: Case, make_case: MakeCase
) -> None:
    reveal = ask(caseworker, real_case)
    assert caseworker.get(address(make_case(), reveal)).status_code == 404


def test_a_picture_that_is_not_there(caseworker: StaffBrowser, case: Case) -> None:
    for tail in ("view", "propose", "not-listed", "withdraw", "preview"):
        assert caseworker.get(f"/desk/cases/{case.reference}/files/9/{tail}").status_code == 404


def test_the_page_says_how_much_was_looked_at_and_when_it_is_enough(
    caseworker: StaffBrowser, case: Case, teams: Teams
) -> None:
    Agency.objects.update(looks_a_day=2, looks_then_rest=1)
    address = f"/desk/cases/{case.reference}/files/1/view"
    assert "Today you have looked" not in caseworker.get(address).content.decode()
    picture = case.pictures.get(position=1).picture
    looked(caseworker.staff, picture, teams.own)
    page = caseworker.get(address).content.decode()
    assert "Today you have looked at 1 file, 1 minute at most." in page
    assert "Rest before the next one" in page
    looked(caseworker.staff, picture, teams.own)
    page = caseworker.get(address).content.decode()
    assert "as much as anybody should look at in one day" in page
    assert "Ask for it" not in page
    assert caseworker.post(address, {"reason": "to tell two copies apart"}).status_code == 409
