"""Addresses that are going to end say so, a year ahead at least."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from hashing.api import deprecations
from hashing.api.deprecations import Deprecation

pytestmark = pytest.mark.django_db


def test_a_deprecated_address_names_both_days_and_its_successor(monkeypatch: pytest.MonkeyPatch) -> None:
    ending = Deprecation(datetime(2030, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC), "/api/v2/status")
    monkeypatch.setitem(deprecations.DEPRECATED, "status", ending)
    response = Client().get("/api/v1/status")
    assert response["Deprecation"] == "@1893456000"
    assert response["Sunset"] == "Wed, 01 Jan 2031 00:00:00 GMT"
    assert response["Link"] == '</api/v2/status>; rel="successor-version"'


def test_others_say_nothing() -> None:
    response = Client().get("/api/v1/signing-keys")
    assert not {"Deprecation", "Sunset", "Link"} & set(response.headers)


def test_less_than_a_years_notice_is_no_deprecation() -> None:
    with pytest.raises(ValueError, match="a year's notice"):
        Deprecation(datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 12, 31, tzinfo=UTC), "/")
