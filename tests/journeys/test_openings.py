"""Who opened it: the person's page, on a narrow phone in English and Arabic, with something to show."""

from __future__ import annotations

import pytest
from django.db import transaction
from playwright.sync_api import BrowserContext

from cases.models import About, AgeRoute, CasePicture
from cases.services import desk_keys
from cases.services.opening import Report, open_case
from portal import audit
from portal.accounts.roles import Role
from portal.agency.models import Team
from portal.audit import Verb
from portal.core.context import Context
from portal.verify import contacts
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import make_picture
from tests.journeys.test_accessibility import faults, phone
from tests.journeys.walks import press

__all__ = ["phone"]
pytestmark = pytest.mark.browser


def test_who_opened_it_is_a_page_to_read(phone: BrowserContext, origin: str, own_team: Team) -> None:
    report = Report(
        about=About.ME,
        age_route=AgeRoute.ADULT,
        story="A story",
        contact=contacts.email("someone@post.example"),
        wording_version="2026-11",
    )
    receipt = open_case(Context.visitor(), report=report)
    worker, boss = make_staff(Role.CASEWORKER, [own_team]), make_staff(Role.SUPERVISOR, [own_team])
    desk_keys.read_story(ctx_of(worker), case_id=receipt.case.pk)
    desk_keys.read_contact(ctx_of(boss), case_id=receipt.case.pk)
    shown = CasePicture.objects.create(case=receipt.case, picture=make_picture(), position=1)
    with transaction.atomic():
        subject = audit.Subject("picture", shown.picture_id)
        audit.record(ctx_of(worker), Verb.PICTURE_PREVIEWED, subject)
        audit.record(ctx_of(boss), Verb.PICTURE_REVEALED, subject, seconds=60)

    page = phone.new_page()
    page.goto(f"{origin}/follow/")
    page.fill('input[name="reference"]', receipt.reference)
    page.fill('input[name="code"]', receipt.access_code)
    press(page, "enter")
    press(page, "openings")
    assert page.locator("main ol li").count() == 4
    assert worker.name not in page.content()
    assert faults(page, "openings") == []
