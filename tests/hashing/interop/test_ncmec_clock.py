"""A window that isn't over: the client would never come back to what is published in the rest of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from hashing.interop import ncmec
from hashing.lists.models import PartnerPosition
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from tests.hashing.listing import make_key
from tests.hashing.wire import basic, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("ahead", "status"), [(-2, 200), (2, 400), (11 * 3600, 400)])
def test_a_window_into_the_future_is_refused(ahead: int, status: int) -> None:
    end = (clock.now() + timedelta(seconds=ahead)).strftime(ncmec.TIME)
    query = {"from": "2020-01-01T00:00:00Z", "to": end}
    response = Client().get("/ncmec/v2/entries", query, headers=basic(make_key(Wire.NCMEC)))
    assert response.status_code == status
    if status == 400:
        refused(response, 400, "window_open")
        assert "TZ" in response.json()["detail"]
        assert not PartnerPosition.objects.exists()
        assert not AuditEntry.objects.filter(verb="list.pulled").exists()
