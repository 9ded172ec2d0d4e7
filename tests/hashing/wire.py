"""Calls to the partner interfaces with a key."""

from __future__ import annotations

import base64
from typing import Any

from django.test import Client

from hashing.lists.bases import IssuedKey

PUBLICATIONS = "/api/v1/lists/reviewed/publications"


def bearer(key: IssuedKey) -> dict[str, str]:
    return {"Authorization": f"Bearer {key.bearer}"}


def two_keys(key: IssuedKey) -> dict[str, str]:
    return {"x-functions-key": key.secret, "Ocp-Apim-Subscription-Key": key.prefix}


def basic(key: IssuedKey) -> dict[str, str]:
    pair = base64.b64encode(f"{key.prefix}:{key.secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def pull(key: IssuedKey, **query: Any) -> dict[str, Any]:
    """One page of the reviewed list over the native API."""
    response = Client().get(PUBLICATIONS, query, headers=bearer(key))
    assert response.status_code == 200, response.content
    page: dict[str, Any] = response.json()
    return page


def fetch_hashes(key: IssuedKey, **query: Any) -> dict[str, Any]:
    """One page over the StopNCII wire."""
    values = {"startTimestamp": 10, "pageSize": 800} | query
    response = Client().get("/stopncii/v1/FetchHashes", values, headers=two_keys(key))
    assert response.status_code == 200, response.content
    page: dict[str, Any] = response.json()
    return page


def refused(response: Any, status: int, code: str) -> None:
    """The response is a problem of this status and code, and nothing else."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["detail"]
