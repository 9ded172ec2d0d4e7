"""Every page, in English and Arabic, on a narrow phone: axe finds nothing, and nothing scrolls sideways."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from cases.models import Case, CasePicture
from cases.notices import genuine
from cases.services import notice_sending
from hashing.matching import builder, searches
from hashing.matching.generations import Folder
from hashing.matching.models import Resemblance, Search
from portal.accounts.roles import Role
from portal.agency.models import Team
from portal.core import references
from portal.core.context import Context
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import make_picture
from tests.journeys import public_checks, staff_walks, walks
from tests.journeys.partner_scene import partner_scene
from tests.journeys.scenes import choose_language, desk_scene, log_in
from tests.photos import encoded, photo
from tests.staff_fixtures import browser_of

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "portal/ui/node_modules/axe-core/axe.min.js"
RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
    found => ({rule: found.id, where: found.nodes.map(node => node.html.slice(0, 200))}))"""
PHONE: ViewportSize = {"width": 320, "height": 640}


@pytest.fixture(params=["en", "ar"])
def phone(request: pytest.FixtureRequest, browser: Browser, origin: str) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE)
    choose_language(context, origin, request.param)
    yield context
    context.close()


def faults(page: Page, name: str) -> list[str]:
    """What is wrong with the page on screen, in words."""
    page.evaluate(AXE.read_text())
    found = [f"{name}: {json.dumps(fault, ensure_ascii=False)}" for fault in page.evaluate(RUN)]
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > page.evaluate("innerWidth"):
        found.append(f"{name}: {width} px wide")
    return found


Check = Callable[[Page, str], list[str]]


def check(page: Page, walk: walks.Walk, *more: Check) -> int:
    """Walk to the end; every page must be without fault. Returns how many pages there were."""
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if line.type == "error" else None)
    found: list[str] = []
    pages = 0
    for name in walk:
        for one in (*more, faults):
            found += one(page, name)
        pages += 1
    assert not found, "\n".join(found)
    assert not [line for line in refused if "Content Security Policy" in line]
    return pages


def test_the_whole_public_journey(phone: BrowserContext, origin: str) -> None:
    walk = walks.public(phone.new_page(), origin, encoded(photo("cat")))
    checks = (public_checks.starts_at_its_heading, public_checks.faults)
    assert check(phone.pages[0], until(walk, "receipt"), *checks) == 27
    assert check(phone.pages[0], walk, *checks) == 20


@pytest.mark.soak
@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_public_journey_in_every_language(
    browser: Browser, origin: str, language: str, size: ViewportSize
) -> None:
    context = browser.new_context(viewport=size)
    choose_language(context, origin, language)
    walk = walks.public(context.new_page(), origin, encoded(photo("cat")))
    assert check(context.pages[0], walk, public_checks.faults) == 33
    context.close()


def until(walk: walks.Walk, last: str) -> walks.Walk:
    """The walk as far as its page `last`."""
    for name in walk:
        yield name
        if name == last:
            return


def test_pages_outside_the_journey(phone: BrowserContext, origin: str) -> None:
    assert check(phone.new_page(), walks.elsewhere(phone.pages[0], origin)) == 3


def test_every_page_of_the_desk(phone: BrowserContext, origin: str, own_team: Team) -> None:
    scene = desk_scene(own_team)
    log_in(phone, origin, scene.supervisor)
    notice = str(scene.notice.pk)
    ids = {"entry": str(scene.entry.pk), "view": str(scene.reveal.pk), "notice": notice}
    walk = staff_walks.desk(phone.new_page(), origin, scene.case.reference, **ids)
    assert check(phone.pages[0], walk) == 30
    notice_sending.approve(ctx_of(scene.supervisor), notice_id=scene.notice.pk, digest=scene.notice.digest)
    notice_sending.send(ctx_of(scene.supervisor), notice_id=scene.notice.pk)
    sent = staff_walks.letter(phone.new_page(), origin, genuine.token(scene.notice.pk), notice)
    assert check(phone.pages[1], sent) == 2


def test_every_page_of_the_auditors(phone: BrowserContext, origin: str, own_team: Team) -> None:
    scene = desk_scene(own_team)
    log_in(phone, origin, make_staff(Role.AUDITOR))
    day = timezone.localdate().isoformat()
    walk = staff_walks.log(phone.new_page(), origin, scene.case.reference, str(scene.supervisor.pk), day)
    assert check(phone.pages[0], walk) == 9


def test_every_page_of_ones_own_account(phone: BrowserContext, origin: str, own_team: Team) -> None:
    caseworker = make_staff(Role.CASEWORKER, [own_team])
    log_in(phone, origin, caseworker)
    browser_of(caseworker)  # a second session to end
    assert check(phone.new_page(), staff_walks.account(phone.pages[0], origin)) == 5


def test_every_page_of_the_languages(phone: BrowserContext, origin: str) -> None:
    log_in(phone, origin, make_staff(Role.ADMINISTRATOR))
    assert check(phone.new_page(), staff_walks.languages(phone.pages[0], origin)) == 3


def test_finding_a_file(phone: BrowserContext, origin: str, own_team: Team, index_folder: Folder) -> None:
    scene = desk_scene(own_team)
    also_elsewhere(scene.case)
    builder.run(index_folder)
    log_in(phone, origin, scene.supervisor)
    walk = staff_walks.finding(
        phone.new_page(), origin, scene.case.reference, encoded(photo("cat")), answer_the_last
    )
    assert check(phone.pages[0], walk) == 8
    (index_folder.path / "current.json").unlink()
    assert check(phone.new_page(), staff_walks.unavailable(phone.pages[1], origin)) == 1


def also_elsewhere(case: Case) -> None:
    """Another case of the same team has the first picture too."""
    values = Case.objects.filter(pk=case.pk).values().get()
    other = Case.objects.create(**(values | {"id": uuid4(), "reference": references.new_reference()}))
    CasePicture.objects.create(case=other, picture=make_picture(), position=1)
    Resemblance.objects.create(
        picture=case.pictures.get(position=1).picture,
        other=other.pictures.get().picture,
        decision="look",
        how="regional",
        score=40,
        found_at=timezone.now(),
    )


def answer_the_last() -> None:
    search = Search.objects.latest("asked_at")
    assert searches.answer(Context.system("test"), search_id=search.pk)


def test_every_page_about_partners(phone: BrowserContext, origin: str, own_team: Team) -> None:
    scene = partner_scene(own_team)
    log_in(phone, origin, scene.supervisor)
    assert check(phone.new_page(), staff_walks.partners(phone.pages[0], origin, scene)) == 12
