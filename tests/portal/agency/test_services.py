"""Changes to the agency's settings and teams."""

from __future__ import annotations

import pytest

from portal.agency import services
from portal.agency.errors import NotSetUp
from portal.agency.models import Agency, MinorRoute, Team
from portal.audit.models import Entry
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid
from tests.factories import make_agency, make_team

pytestmark = pytest.mark.django_db
LINE = {"name": "Night line", "phone": "+61 2 5550 1234", "url": "", "hours": "always"}


@pytest.fixture
def ctx() -> Context:
    return Context.system("test")


def fields() -> list[str]:
    return sorted(entry.payload["field"] for entry in Entry.objects.filter(verb="agency.changed"))


def test_set_up_makes_the_agency_and_its_intake_team(ctx: Context) -> None:
    agency = services.set_up(ctx, name="Safety Office", neutral_name="Updates", jurisdiction="NZ")
    assert (agency.pk, agency.intake_team.name, agency.intake_team.restricted) == (1, "Intake", False)
    assert fields() == ["intake_team", "jurisdiction", "name", "name", "neutral_name"]


def test_set_up_twice_is_refused(ctx: Context) -> None:
    make_agency()
    with pytest.raises(Conflict, match="set up already"):
        services.set_up(ctx, name="Another", neutral_name="Other", jurisdiction="NZ")
    assert (Agency.objects.get().name, fields()) == ("Sample Agency", [])


def test_change_writes_the_names_of_what_changed_and_no_values(ctx: Context) -> None:
    make_agency(name="Old")
    services.change(ctx, name="New", helplines=[LINE], neutral_name="Updates")
    agency = Agency.objects.get()
    assert (agency.name, agency.helplines) == ("New", [LINE])
    assert fields() == ["helplines", "name"]
    assert not any("New" in str(entry.payload) for entry in Entry.objects.all())


def test_changing_nothing_writes_nothing(ctx: Context) -> None:
    make_agency(name="Same")
    services.change(ctx, name="Same")
    assert fields() == []


def test_change_before_the_agency_is_set_up(ctx: Context) -> None:
    with pytest.raises(NotSetUp) as refusal:
        services.change(ctx, name="New")
    assert refusal.value.status == 503


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("exit_url", "javascript:alert(1)"),
        ("retention_days", 0),
        ("minor_route", "ignore"),
        ("name", ""),
        ("helplines", [{"name": "No way to reach it", "phone": "", "url": "", "hours": ""}]),
    ],
)
def test_values_that_cannot_be_used_change_nothing(field: str, value: object, ctx: Context) -> None:
    before = make_agency()
    with pytest.raises(Invalid):
        services.change(ctx, **{field: value})
    assert getattr(Agency.objects.get(), field) == getattr(before, field)
    assert fields() == []


def test_a_setting_that_does_not_exist_is_a_mistake_of_the_caller(ctx: Context) -> None:
    make_agency()
    with pytest.raises(TypeError, match="colour"):
        services.change(ctx, colour="blue")


def test_restricted_route_needs_a_restricted_team(ctx: Context) -> None:
    make_agency()
    open_team, closed_team = make_team("Open"), make_team("Closed", restricted=True)
    with pytest.raises(Invalid, match="restricted"):
        services.change(ctx, minor_route=MinorRoute.RESTRICTED, restricted_team=open_team)
    with pytest.raises(Invalid):
        services.change(ctx, minor_route=MinorRoute.RESTRICTED)
    services.change(ctx, minor_route=MinorRoute.RESTRICTED, restricted_team=closed_team)
    assert Agency.objects.get().restricted_team == closed_team
    assert fields() == ["minor_route", "restricted_team"]


def test_add_team_once_per_name(ctx: Context) -> None:
    team = services.add_team(ctx, name=" Children ", restricted=True)
    assert (team.name, team.restricted) == ("Children", True)
    with pytest.raises(Conflict):
        services.add_team(ctx, name="CHILDREN")
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject_type, entry.subject_id) == ("agency.changed", "team", str(team.pk))
    assert Team.objects.count() == 1
