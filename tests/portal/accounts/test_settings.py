"""The agency's settings, changed by those who may."""

from __future__ import annotations

import pytest

from portal.accounts import services
from portal.accounts.roles import Role
from portal.agency.models import Agency, Team
from portal.audit.models import Entry
from portal.core.errors import NotAllowed
from tests.factories import ctx_of, make_agency, make_staff

pytestmark = pytest.mark.django_db


def test_an_administrator_changes_settings() -> None:
    administrator = make_staff("administrator")
    ctx = ctx_of(administrator)
    services.set_up_agency(ctx, name="Safety Office", neutral_name="Updates", jurisdiction="NZ")
    services.change_agency(ctx, retention_days=90)
    services.add_team(ctx, name="Children", restricted=True)
    assert Agency.objects.get().retention_days == 90
    assert Team.objects.get(name="Children").restricted
    assert set(Entry.objects.values_list("actor_id", flat=True)) == {str(administrator.pk)}


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR, Role.AUDITOR])
def test_nobody_else_does(role: Role) -> None:
    make_agency(retention_days=180)
    ctx = ctx_of(make_staff(role))
    with pytest.raises(NotAllowed):
        services.set_up_agency(ctx, name="Mine", neutral_name="Mine", jurisdiction="NZ")
    with pytest.raises(NotAllowed):
        services.change_agency(ctx, retention_days=1)
    with pytest.raises(NotAllowed):
        services.add_team(ctx, name="Mine")
    assert (Agency.objects.get().retention_days, Team.objects.count()) == (180, 1)
    assert not Entry.objects.exists()
