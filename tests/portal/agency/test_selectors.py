"""The agency's settings, read: rarely from the database, never stale inside a transaction."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from portal.agency import selectors, services
from portal.agency.errors import NotSetUp
from portal.agency.models import Agency
from portal.core.context import Context
from tests.factories import make_agency, make_team


@pytest.mark.django_db
def test_before_the_agency_is_set_up() -> None:
    with pytest.raises(NotSetUp, match="not set up yet"):
        selectors.current()


@pytest.mark.django_db
def test_teams_of_the_agency() -> None:
    closed = make_team("Closed", restricted=True)
    agency = make_agency(restricted_team=closed)
    assert selectors.intake_team() == agency.intake_team
    assert selectors.restricted_team() == closed
    assert selectors.teams() == [closed, agency.intake_team]
    assert selectors.teams([closed.pk, uuid4()]) == [closed]


def test_outside_a_transaction_the_row_is_read_once(
    committed_db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_agency(name="First")
    with django_assert_num_queries(1):
        assert [selectors.current().name for _ in range(3)] == ["First"] * 3
    Agency.objects.update(name="Second")
    assert selectors.current().name == "First"
    with transaction.atomic():
        assert selectors.current().name == "Second"


def test_a_change_shows_at_once_in_the_process_that_made_it(committed_db: None) -> None:
    make_agency(name="First")
    assert selectors.current().name == "First"
    services.change(Context.system("test"), name="Second")
    assert selectors.current().name == "Second"


def test_a_change_elsewhere_shows_after_a_moment(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    make_agency(name="First")
    assert selectors.current().name == "First"
    Agency.objects.update(name="Second")
    later = time.monotonic() + selectors.CACHE_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert selectors.current().name == "Second"
