"""The API's own address says where to go, with or without a key."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

ADDRESSES = {
    "lists": "http://testserver/api/v1/lists",
    "schema": "http://testserver/api/v1/schema/",
    "signing-keys": "http://testserver/api/v1/signing-keys",
    "status": "http://testserver/api/v1/status",
}


def test_it_names_the_lists_and_the_description() -> None:
    response = Client().get("/api/v1/")
    assert (response.status_code, response.json()) == (200, ADDRESSES)
    assert response["Cache-Control"] == "no-store"


def test_a_parameter_is_refused() -> None:
    response = Client().get("/api/v1/?list=reviewed")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_it_only_reads() -> None:
    assert Client().post("/api/v1/").status_code == 405
