"""`manage.py agency`"""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from portal.agency.models import Agency, Team
from portal.audit.models import Entry
from tests.factories import make_agency

pytestmark = pytest.mark.django_db


def test_sets_the_agency_up() -> None:
    call_command(
        "agency", name="Safety Office", sender="Updates", country="NZ", add_restricted_team=["Children"]
    )
    agency = Agency.objects.get()
    assert (agency.name, agency.neutral_name, agency.jurisdiction) == ("Safety Office", "Updates", "NZ")
    assert agency.restricted_team == Team.objects.get(name="Children")
    assert list(Team.objects.values_list("name", "restricted")) == [("Children", True), ("Intake", False)]
    assert set(Entry.objects.values_list("actor_kind", "actor_id")) == {("system", "command")}


def test_says_what_is_missing_for_the_first_time() -> None:
    with pytest.raises(CommandError, match="--name, --sender and --country"):
        call_command("agency", name="Safety Office")
    assert not Agency.objects.exists()


def test_changes_only_what_is_given() -> None:
    make_agency(name="Old", neutral_name="Updates")
    call_command("agency", name="New", add_team=["Night"])
    agency = Agency.objects.get()
    assert (agency.name, agency.neutral_name, agency.intake_team.name) == ("New", "Updates", "Intake")
    assert Team.objects.filter(name="Night", restricted=False).exists()


def test_a_refusal_is_a_sentence() -> None:
    make_agency()
    with pytest.raises(CommandError, match="a team of that name"):
        call_command("agency", add_team=["intake"])
