"""A portal with a list, on a real port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clients.serving import portal
from tests.factories import make_agency
from tests.hashing.listing import Desk


@pytest.fixture
def base(committed_db: None) -> Iterator[str]:
    """The address of the running portal."""
    make_agency(name="eSafety Example")
    with portal() as address:
        yield address


@pytest.fixture
def desk(base: str) -> Desk:
    return Desk.make()
