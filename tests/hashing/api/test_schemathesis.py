"""Schemathesis calls every address with all that its description allows and forbids: every check holds."""

from __future__ import annotations

import contextlib
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from limits import parse
from pytest_django import Settings
from schemathesis import APIOperation, GenerationMode
from schemathesis.core.result import Ok

from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.states import Wire
from hashing.matching.generations import Folder
from portal.core.context import Context
from portal.wsgi import application
from tests.hashing.index_folder import brought_up_to_date, index_folder
from tests.hashing.listing import Desk, admin, make_key, make_partner, reviewed

__all__ = ["index_folder"]
OPERATIONS = 19


def _without_limits(patch: pytest.MonkeyPatch) -> None:
    for limit in ("callers.PULLS", "callers.REFUSALS", "probing.MINUTE"):
        patch.setattr(f"hashing.api.{limit}", parse("1000000/second"))
    patch.setattr("hashing.lists.moving.wait", lambda *_: None)


@pytest.fixture
def api(
    committed_db: None, index_folder: Folder, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> schemathesis.BaseSchema:
    """The API of a portal with something on its list, called with a key that may do everything."""
    _without_limits(monkeypatch)
    settings.SNAPSHOT_DIR = index_folder.path.parent / "snapshots"
    settings.BASE_URL = "http://localhost"
    desk, partner = Desk.make(), make_partner()
    desk.listed()
    desk.withdraw(desk.listed())
    services.publish_pending()
    services.build_snapshot(Context.system("tests"), hash_list=reviewed())
    brought_up_to_date(index_folder)
    services.entitle(admin(), partner=partner, hash_list=reviewed(), regional=True, looks=True)
    key = make_key(Wire.NATIVE, partner)
    # With two live keys a rotation is refused: one with no overlap would end the key that calls.
    make_key(Wire.NATIVE, partner)
    return _described(key)


def _described(key: IssuedKey) -> schemathesis.BaseSchema:
    headers = {"Authorization": f"Bearer {key.bearer}"}
    return schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application, headers=headers)


def _explore(api: schemathesis.BaseSchema, examples: int) -> int:
    """Calls every operation with examples that fit its description and that don't; how many operations."""
    operations = [found.ok() for found in api.get_all_operations() if isinstance(found, Ok)]
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _call(operation, mode, examples)
    return len(operations)


def _call(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, examples: int) -> None:
    @hypothesis.settings(
        max_examples=examples,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def every_check(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate()

    with contextlib.suppress(Unsatisfiable):  # an address without parameters has no wrong ones
        every_check()


def test_every_check_holds(api: schemathesis.BaseSchema) -> None:
    assert _explore(api, 4) == OPERATIONS


@pytest.mark.soak
def test_every_check_holds_for_long(api: schemathesis.BaseSchema) -> None:
    assert _explore(api, 300) == OPERATIONS
