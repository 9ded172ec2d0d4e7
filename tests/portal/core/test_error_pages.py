"""A refusal is a page for people and a JSON problem for programs, with the right status."""

from __future__ import annotations

from http import HTTPStatus
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

pytestmark = pytest.mark.urls("tests.portal.core.refusing_urls")
Refusal = tuple[str, int, str, str | None]
REFUSALS: list[Refusal] = [
    ("invalid", 422, "no_date", "Enter a date."),
    ("not-allowed", 403, "not_yours", "Ask a supervisor."),
    ("not-found", 404, "no_case", "There is no such case."),
    ("conflict", 409, "moved_on", "Somebody else was first."),
    ("too-many", 429, "too_many", "Wait a moment."),
    ("denied", 403, "forbidden", "You may not do this."),
    ("suspicious", 400, "bad_request", None),
    ("broken", 500, "failed", "Something went wrong."),
]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("prefix", ["", "desk/"])
@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal[0])
def test_people_get_a_page(db: None, client: Client, prefix: str, refusal: Refusal) -> None:
    name, status, code, sentence = refusal
    response = client.get(f"/{prefix}{name}")

    assert response.status_code == status
    assert response["Content-Type"].startswith("text/html")
    page = response.content.decode()
    assert "<h1" in page
    assert "canary" not in page
    plain = code in {"failed", "bad_request"}  # one page for everybody: too little is left to know for whom
    assert ('href="/exit"' in page) == (plain or not prefix), "the way out is on every public page"
    if code != "failed" and sentence:
        assert sentence in page


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal[0])
def test_programs_get_a_problem(db: None, client: Client, refusal: Refusal) -> None:
    name, status, code, sentence = refusal
    response = client.get(f"/api/{name}")

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert (response.json()["status"], response.json()["code"]) == (status, code)
    assert (response.json()["type"], response.json()["title"]) == (
        f"urn:problem:{code}",
        HTTPStatus(status).phrase,
    )
    assert "canary" not in response.content.decode()
    if sentence:
        assert response.json()["detail"].startswith(sentence)


@pytest.mark.parametrize("prefix", ["", "api/"])
def test_a_limit_says_when_to_come_back(db: None, client: Client, prefix: str) -> None:
    response = client.get(f"/{prefix}too-many")

    assert response["Retry-After"] == "30"


def _html(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def test_a_form_from_elsewhere_is_refused_with_a_page(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/invalid", {"a": "canary-7f3a"})

    assert response.status_code == 403
    assert "send the form again" in _html(response)
    assert "canary" not in _html(response)


def test_the_failure_page_needs_no_database(client: Client) -> None:
    """Without the fixture db, any query raises."""
    with patch("portal.agency.selectors.current", side_effect=OperationalError):
        response = client.get("/broken")

    assert response.status_code == 500
    assert "Something went wrong" in _html(response)


def test_pages_name_no_topic(db: None, client: Client) -> None:
    for name, *_rest in REFUSALS:
        page = _html(client.get(f"/{name}")).lower()
        assert not {word for word in ("intimate", "abuse", "nude", "sexual") if word in page}


def test_an_address_for_forms_only_says_so_when_it_is_opened(db: None, client: Client) -> None:
    response = client.get("/desk/only-post")

    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "only takes what a page sends" in _html(response)
    assert _html(client.put("/desk/only-post")) == ""


@pytest.mark.parametrize(("address", "part"), [("/nothing", "/"), ("/follow/nothing", "/follow/")])
def test_no_page_is_a_dead_end(db: None, client: Client, address: str, part: str) -> None:
    assert f'<a class="govuk-link" href="{part}">' in _html(client.get(address))
