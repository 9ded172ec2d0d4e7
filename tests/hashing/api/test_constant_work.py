"""A refusal tells nothing by its work: the same hashes, comparisons and statements for every reason."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hashing.lists.bases import IssuedKey
from hashing.lists.models import Partner, PartnerKey
from hashing.lists.states import Wire
from portal.core import clock
from tests.hashing.listing import make_key
from tests.hashing.wire import PUBLICATIONS, bearer

pytestmark = pytest.mark.django_db


class Counting:
    """Stands for a module in hashing.lists.keys, and counts the calls of one of its functions."""

    def __init__(self, module: Any, name: str, calls: Counter[str]) -> None:
        self._module, self._name, self._calls = module, name, calls

    def __getattr__(self, name: str) -> Any:
        if name == self._name:
            self._calls[name] += 1
        return getattr(self._module, name)


def work(monkeypatch: pytest.MonkeyPatch, key: IssuedKey) -> tuple[list[str], Counter[str], bytes]:
    """The statements (each one's first word), the calls counted, and the answer of a refused pull."""
    calls: Counter[str] = Counter()
    monkeypatch.setattr("hashing.lists.keys.hashlib", Counting(hashlib, "sha256", calls))
    monkeypatch.setattr("hashing.lists.keys.hmac", Counting(hmac, "compare_digest", calls))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = Client().get(PUBLICATIONS, headers=bearer(key))
    assert response.status_code == 401
    return [query["sql"].split()[0] for query in captured], calls, response.content


def test_every_reason_costs_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_key(Wire.NATIVE)
    seen = {
        "unknown": work(monkeypatch, IssuedKey("0" * 12, key.secret)),
        "wrong secret": work(monkeypatch, IssuedKey(key.prefix, "wrong")),
    }
    other = make_key(Wire.NCMEC, Partner.objects.get())
    seen["other wire"] = work(monkeypatch, other)
    PartnerKey.objects.update(revoked_at=clock.now())
    seen["revoked"] = work(monkeypatch, key)
    PartnerKey.objects.update(revoked_at=None, networks=["192.0.2.0/24"], slot=None)
    seen["network"] = work(monkeypatch, key)
    statements, calls, answer = seen["unknown"]
    assert calls == {"sha256": 1, "compare_digest": 1}
    assert statements == ["SELECT", "SAVEPOINT", "INSERT", "RELEASE"]
    assert {name: one == (statements, calls, answer) for name, one in seen.items()} == dict.fromkeys(
        seen, True
    )
