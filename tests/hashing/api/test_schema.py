"""The OpenAPI description, and that what is served fits it."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from hashing.api import forms, urls
from hashing.lists.states import Wire
from tests.hashing.listing import Desk, make_key
from tests.hashing.wire import bearer, pull, refused

pytestmark = pytest.mark.django_db


def test_describes_every_address_and_its_key() -> None:
    response = Client().get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert response.status_code == 200
    schema = json.loads(response.content)
    assert schema["openapi"] == "3.1.0"
    served = {
        "/api/v1/"
        + str(each.pattern)
        .replace("<str:", "{")
        .replace("<int:", "{")
        .replace("<uuid:", "{")
        .replace(">", "}")
        for each in urls.urlpatterns
        if each.name not in {"start", "schema", "nothing", "lists-slash", "snapshots-slash"}
    }
    assert set(schema["paths"]) == served
    assert schema["components"]["securitySchemes"] == {
        "partnerKey": {"type": "http", "scheme": "bearer", "bearerFormat": "prefix.secret"}
    }
    answers = schema["paths"]["/api/v1/lists/{slug}/publications"]["get"]["responses"]
    assert set(answers) == {"200", "400", "401", "403", "404", "406", "410", "429"}
    assert set(answers["200"]["content"]) == {"application/json", "application/x-ndjson"}
    assert set(answers["404"]["content"]) == {"application/problem+json"}


def test_what_is_served_fits_the_description() -> None:
    desk, key = Desk.make(), make_key(Wire.NATIVE)
    desk.listed()
    desk.withdraw(desk.listed())
    page = forms.Page(data=pull(key))
    assert page.is_valid(), page.errors
    lists = forms.Lists(data=Client().get("/api/v1/lists/", headers=bearer(key)).json())
    assert set(lists.initial_data["lists"][0]) == set(forms.HashList().fields)


def test_the_lists_take_no_parameters() -> None:
    response = Client().get("/api/v1/lists/?page=2", headers=bearer(make_key(Wire.NATIVE)))
    refused(response, 400, "invalid")
