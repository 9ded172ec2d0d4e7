"""What must be in the database before a walk through the desk."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from playwright.sync_api import BrowserContext

from cases.models import (
    About,
    AgeRoute,
    Capture,
    Case,
    CasePicture,
    Circumstance,
    ConsentKind,
    Notice,
    Recipient,
)
from cases.services import location_steps, reviewing
from cases.services.opening import ConsentGiven, Report, open_case
from hashing.lists.models import Entry
from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.agency.models import Team
from portal.core.context import Context
from portal.vault.models import Reveal
from portal.vault.services.rendering import render_reveal
from portal.verify import contacts
from tests.cases.desk.noticed import a_notice
from tests.factories import ctx_of, make_staff
from tests.hashing.enrolment.made import enrolled
from tests.photos import encoded, photo
from tests.staff_fixtures import browser_of

STORY = "Somebody I know posted it after we split up. I asked them to stop and they laughed at me."


@dataclass(frozen=True)
class DeskScene:
    """A case with a proposed picture, an undecided one, a drafted notice; a supervisor with a ready view."""

    supervisor: Staff
    case: Case
    entry: Entry
    reveal: Reveal
    notice: Notice


def desk_scene(team: Team) -> DeskScene:
    case = a_case()
    supervisor, proposer = make_staff(Role.SUPERVISOR, [team]), make_staff(Role.CASEWORKER, [team])
    entry = reviewing.propose(ctx_of(proposer), case_id=case.pk, position=1, list_slug="reviewed")
    reveal = reviewing.request_reveal(
        ctx_of(supervisor), case_id=case.pk, position=2, reason="to tell two copies apart"
    )
    assert render_reveal(Context.system("test"), reveal_id=reveal.pk)
    seen = case.locations.get(position=2)  # ready for a notice of its own
    location_steps.note_seen(ctx_of(supervisor), location_id=seen.pk, capture=Capture.SEEN)
    return DeskScene(supervisor, case, entry, reveal, a_notice(case))


def a_case() -> Case:
    report = Report(
        about=About.ME,
        age_route=AgeRoute.ADULT,
        circumstances=(Circumstance.SHARED, Circumstance.MONEY),
        story=STORY,
        contact=contacts.email("someone@post.example"),
        safety="Weekdays after six, never by telephone",
        links=("https://video.example/watch?v=" + "long" * 30, "https://forum.example/t/1"),
        consents=(
            ConsentGiven(Recipient.PARTNERS, ConsentKind.FINGERPRINTS),
            ConsentGiven(Recipient.POLICE, ConsentKind.CASE_FILE),
        ),
        wording_version="2026-11",
    )
    case = open_case(Context.visitor(), report=report).case
    for position, name in enumerate(("coffee", "cat"), start=1):
        picture = enrolled(encoded(photo(name)))
        CasePicture.objects.create(case=case, picture=picture, position=position)
    case.contact_verified_at = case.opened_at
    case.save(update_fields=["contact_verified_at"])
    return case


def log_in(context: BrowserContext, origin: str, staff: Staff) -> None:
    """The session of somebody who has logged in with both factors."""
    cookie = browser_of(staff).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": origin}])


def choose_language(context: BrowserContext, origin: str, language: str) -> None:
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": origin}])
