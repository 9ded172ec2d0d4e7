"""What the database itself refuses."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from portal.agency.models import Agency, MinorRoute, Team
from tests.factories import make_agency, make_team

pytestmark = pytest.mark.django_db


def test_there_is_one_agency_only() -> None:
    make_agency()
    with pytest.raises(IntegrityError, match="agency_one_row"), transaction.atomic():
        make_agency(id=2, intake_team=make_team())
    with pytest.raises(IntegrityError), transaction.atomic():
        make_agency(intake_team=make_team())
    assert Agency.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"minor_route": MinorRoute.RESTRICTED}, "agency_restricted_route_has_team"),
        ({"minor_route": "ignore"}, "agency_minor_route"),
        ({"retention_days": 0}, "agency_keeps_a_day"),
    ],
)
def test_settings_that_contradict_each_other(changes: dict[str, object], constraint: str) -> None:
    make_agency()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Agency.objects.update(**changes)


def test_team_names_differ_by_more_than_case() -> None:
    make_team("Intake")
    with pytest.raises(IntegrityError, match="team_name_once"), transaction.atomic():
        make_team("INTAKE")
    assert Team.objects.count() == 1
