"""A portal with a list, on a real port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clients.serving import Site, portal
from tests.factories import make_agency
from tests.hashing.listing import Desk


@pytest.fixture
def site(committed_db: None) -> Iterator[Site]:
    """The running portal."""
    make_agency(name="eSafety Example")
    with portal() as running:
        yield running


@pytest.fixture
def base(site: Site) -> str:
    """Its address."""
    return site.base


@pytest.fixture
def desk(base: str) -> Desk:
    return Desk.make()
