"""An agency with three teams, a case with a reviewed picture, and staff of each kind in their browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
import time_machine

from cases.models import About, AgeRoute, Case, CasePicture, Circumstance, ConsentKind, Recipient
from cases.services import reviewing
from cases.services.opening import ConsentGiven, Report, open_case
from hashing.enrolment.models import Enrolment
from hashing.lists.models import Entry
from portal.accounts.roles import Role
from portal.agency.models import Team
from portal.audit.models import Entry as AuditEntry
from portal.core import clock, references
from portal.core.context import Context
from portal.vault.models import Reveal
from portal.verify import contacts
from tests.factories import ctx_of, make_agency, make_staff, make_team
from tests.hashing.listing import make_picture
from tests.staff_fixtures import StaffBrowser, browser_of

STORY = "canary-story: it was posted by <someone> I know"
CONTACT = "canary.person@example.org"
LINK = "https://canary-site.example/p/1"

StateOf = Callable[[Case], dict[str, object]]
MakeCase = Callable[..., Case]


@dataclass(frozen=True)
class Teams:
    own: Team
    other: Team
    restricted: Team


@pytest.fixture
def standing_clock() -> Iterator[None]:
    """Time stands still: no session of an earlier minute is written anew while queries are counted."""
    with time_machine.travel(clock.now(), tick=False):
        yield


@pytest.fixture
def teams(db: None) -> Teams:
    own, other, restricted = make_team("Own"), make_team("Other"), make_team("Children", restricted=True)
    make_agency(intake_team=own, restricted_team=restricted)
    return Teams(own, other, restricted)


@pytest.fixture
def make_case(teams: Teams) -> MakeCase:
    def make(
        *,
        team: Team | None = None,
        pictures: int = 1,
        quality: int = 100,
        verified: bool = True,
        **changes: object,
    ) -> Case:
        values: dict[str, object] = {
            "about": About.ME,
            "age_route": AgeRoute.ADULT,
            "circumstances": (Circumstance.SHARED,),
            "story": STORY,
            "contact": contacts.email(CONTACT),
            "safety": "after six",
            "links": (LINK,),
            "consents": (ConsentGiven(Recipient.PARTNERS, ConsentKind.FINGERPRINTS),),
            "wording_version": "2026-01",
        }
        case = open_case(Context.visitor(), report=Report(**(values | changes))).case  # type: ignore[arg-type]  # any field
        for position in range(1, pictures + 1):
            CasePicture.objects.create(case=case, picture=make_picture(quality=quality), position=position)
        case.team = team or case.team
        case.contact_verified_at = case.opened_at if verified else None
        case.save(update_fields=["team", "contact_verified_at"])
        return case

    return make


@pytest.fixture
def case(make_case: MakeCase) -> Case:
    return make_case()


@pytest.fixture
def caseworker(teams: Teams) -> StaffBrowser:
    return browser_of(make_staff(Role.CASEWORKER, [teams.own]))


@pytest.fixture
def supervisor(teams: Teams) -> StaffBrowser:
    return browser_of(make_staff(Role.SUPERVISOR, [teams.own]))


@pytest.fixture
def stranger(teams: Teams) -> StaffBrowser:
    """A supervisor of another team."""
    return browser_of(make_staff(Role.SUPERVISOR, [teams.other]))


def copies_of(case: Case, number: int) -> list[Case]:
    """More cases like this one, without the work of making their keys."""
    values = Case.objects.filter(pk=case.pk).values().get()
    copies = [
        Case(**(values | {"id": uuid4(), "reference": references.new_reference()})) for _ in range(number)
    ]
    for copy in Case.objects.bulk_create(copies):
        CasePicture.objects.create(case=copy, picture=make_picture(), position=1)
    return copies


@pytest.fixture
def entry(teams: Teams, case: Case) -> Entry:
    """The case's picture, proposed for the reviewed list by a caseworker of the team."""
    proposer = make_staff(Role.CASEWORKER, [teams.own])
    return reviewing.propose(ctx_of(proposer), case_id=case.pk, position=1, list_slug="reviewed")


@pytest.fixture
def state_of() -> StateOf:
    """Everything about a case that an action could change, and how many audit entries there are."""

    def state(case: Case) -> dict[str, object]:
        pictures = case.pictures.order_by("position")
        return {
            "case": Case.objects.filter(pk=case.pk).values().get(),
            "pictures": list(pictures.values()),
            "vault": list(pictures.values("picture__state", "picture__locked_at", "picture__shredded_at")),
            "entries": list(
                Entry.objects.filter(picture_id__in=pictures.values("picture_id")).values().order_by("pk")
            ),
            "enrolments": list(Enrolment.objects.filter(pk__in=pictures.values("picture_id")).values()),
            "locations": list(case.locations.values()),
            "notices": list(case.notices.values()),
            "reveals": Reveal.objects.count(),
            "audit": AuditEntry.objects.count(),
        }

    return state


def verbs_about(case: Case) -> list[str]:
    """The verbs of the log about this case and its pictures, oldest first."""
    ids = [str(case.pk), *(str(pk) for pk in case.pictures.values_list("picture_id", flat=True))]
    return list(
        AuditEntry.objects.filter(subject_id__in=ids).order_by("at", "pk").values_list("verb", flat=True)
    )
