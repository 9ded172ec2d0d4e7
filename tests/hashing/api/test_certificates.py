"""Keys that come with a client certificate: believed from a named proxy only."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from portal.core.errors import Invalid
from tests.hashing.listing import admin, make_partner
from tests.hashing.wire import PUBLICATIONS, bearer, refused

pytestmark = pytest.mark.django_db
OURS, OTHER = "ab" * 32, "cd" * 32
PROXY, ELSEWHERE = "192.0.2.10", "192.0.2.11"


@pytest.fixture(autouse=True)
def _proxy(settings: Settings) -> None:
    settings.CERTIFICATE_PROXIES = [f"{PROXY}/32"]


def bound_key() -> IssuedKey:
    partner = make_partner()
    return services.issue_key(admin(), partner=partner, wire=Wire.NATIVE, certificate=OURS.upper())


def pull_from(address: str, key: IssuedKey, certificate: str | None) -> int:
    headers = bearer(key) | ({"X-Client-Certificate-SHA256": certificate} if certificate else {})
    response = Client(REMOTE_ADDR=address).get(PUBLICATIONS, headers=headers)
    if response.status_code != 200:
        refused(response, 401, "key_refused")
    return response.status_code


def test_the_right_certificate_from_the_named_proxy_opens() -> None:
    key = bound_key()
    assert pull_from(PROXY, key, OURS) == 200
    assert pull_from(PROXY, key, ":".join(OURS[at : at + 2] for at in range(0, 64, 2))) == 200


@pytest.mark.parametrize(
    ("address", "certificate"), [(PROXY, None), (PROXY, OTHER), (ELSEWHERE, OURS), ("", OURS), (PROXY, "")]
)
def test_without_it_the_key_is_refused_and_audited(address: str, certificate: str | None) -> None:
    assert pull_from(address, bound_key(), certificate) == 401
    assert AuditEntry.objects.get(verb="partner.refused").payload["reason"] == "certificate"


def test_a_key_that_asks_for_none_ignores_the_header() -> None:
    key = services.issue_key(admin(), partner=make_partner(), wire=Wire.NATIVE)
    assert pull_from(ELSEWHERE, key, OTHER) == 200


@pytest.mark.parametrize("text", ["x", "ab" * 31, "zz" * 32])
def test_what_is_no_certificate_is_invalid(text: str) -> None:
    with pytest.raises(Invalid) as error:
        services.issue_key(admin(), partner=make_partner(), wire=Wire.NATIVE, certificate=text)
    assert error.value.code == "bad_certificate"
