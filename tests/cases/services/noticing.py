"""A case with a location that a notice can be written about, and the steps to one that is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.models import Capture, Notice
from cases.services import location_steps as steps
from cases.services import notice_drafting, notice_sending
from cases.services.notice_records import Wanted
from portal.agency.models import Agency
from portal.audit.models import Entry
from tests.cases.services.conftest import Desk
from tests.cases.services.test_locations import first

WANTED = Wanted(
    regime="australia",
    positions=(1,),
    service="Host Example",
    email="legal@host.example",
    description="A photograph of an adult in a private setting.",
    hours=24,
)


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A location that somebody has made sure of, and an agency that platforms can answer."""
    Agency.objects.update(notices_email="removals@agency.example")
    steps.note_seen(desk.caseworker, location_id=first(desk).pk, capture=Capture.SCREENSHOT)
    return desk


def drafted(desk: Desk, **changes: object) -> Notice:
    return notice_drafting.draft(
        desk.caseworker,
        case_id=desk.case.id,
        wanted=replace(WANTED, **changes),  # type: ignore[arg-type]  # any field
    )


def sent(desk: Desk, **changes: object) -> Notice:
    row = drafted(desk, **changes)
    if row.formal:
        notice_sending.approve(desk.supervisor, notice_id=row.pk, digest=row.digest)
    return notice_sending.send(desk.caseworker, notice_id=row.pk)


def log(verb: str) -> list[dict[str, object]]:
    return [entry.payload for entry in Entry.objects.filter(verb=verb).order_by("waiting__position")]
