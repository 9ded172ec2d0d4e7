"""A case of one team, with two checked files, and staff of each kind."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from cases.models import About, AgeRoute, Case, CasePicture, ConsentKind, Recipient
from cases.services.opening import ConsentGiven, Report, open_case
from portal.accounts.roles import Role
from portal.agency.models import Agency
from portal.core.context import Context
from portal.verify import contacts
from tests.factories import ctx_of, make_staff, make_team
from tests.hashing.listing import make_picture


@dataclass(frozen=True)
class Desk:
    """One case, and a context per member of staff: `outsider` is a supervisor of another team."""

    case: Case
    caseworker: Context
    supervisor: Context
    auditor: Context
    outsider: Context

    def fresh(self) -> Case:
        return Case.objects.get(pk=self.case.pk)


@pytest.fixture
def desk(agency: Agency) -> Desk:
    report = Report(
        about=About.ME,
        age_route=AgeRoute.ADULT,
        story="canary-story",
        contact=contacts.email("ann@post.example"),
        safety="yes\nMondays",
        links=("https://host.example/1",),
        consents=(ConsentGiven(Recipient.PARTNERS, ConsentKind.FINGERPRINTS),),
        wording_version="2026-11",
    )
    case = open_case(Context.visitor(), report=report).case
    for position in (1, 2):
        CasePicture.objects.create(case=case, picture=make_picture(), position=position)
    team = case.team
    return Desk(
        case,
        ctx_of(make_staff(Role.CASEWORKER, [team])),
        ctx_of(make_staff(Role.SUPERVISOR, [team])),
        ctx_of(make_staff(Role.AUDITOR, [team])),
        ctx_of(make_staff(Role.SUPERVISOR, [make_team()])),
    )
