"""A drafted notice about the first address of a case."""

from __future__ import annotations

from cases.models import Capture, Case, Notice
from cases.services import location_steps, notice_drafting
from cases.services.notice_records import Wanted
from portal.accounts.roles import Role
from portal.agency import selectors
from portal.agency.models import Agency
from tests.factories import ctx_of, make_staff

WANTED = Wanted(
    regime="australia",
    positions=(1,),
    service="Canary site",
    email="legal@canary-site.example",
    description="A photograph of an adult in a private setting.",
    hours=24,
)


def a_notice(case: Case, wanted: Wanted = WANTED) -> Notice:
    """Written by somebody who has nothing else to do in the test; nobody has approved it."""
    Agency.objects.update(notices_email="removals@agency.example")
    selectors.forget()
    writer = ctx_of(make_staff(Role.CASEWORKER, [case.team]))
    location = case.locations.get(position=1)
    location_steps.note_seen(writer, location_id=location.pk, capture=Capture.SCREENSHOT)
    return notice_drafting.draft(writer, case_id=case.pk, wanted=wanted)
