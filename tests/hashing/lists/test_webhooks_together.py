"""Deliveries with several workers, and with one that dies: sent at least once, with one id."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from hashing.lists.models import DeliveryState
from hashing.lists.services import delivering
from portal.core import clock
from tests.hashing.listing import Desk, make_partner
from tests.hashing.lists.test_webhooks import deliver, hook, owed, receiver
from tests.hashing.receiving import Receiver

__all__ = ["receiver"]
pytestmark = pytest.mark.usefixtures("committed_db")


def test_two_workers_send_once(receiver: Receiver) -> None:
    hook(make_partner(), receiver.url)
    Desk.make().listed()
    delivery = owed()

    def work(_: int) -> DeliveryState | None:
        try:
            return deliver(delivery)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(work, range(4)))
    assert sorted(map(str, outcomes)) == ["None", "None", "None", "delivered"]
    assert len(receiver.got) == 1


def test_a_worker_killed_after_sending_sends_again_with_the_same_id(receiver: Receiver) -> None:
    hook(make_partner(), receiver.url)
    Desk.make().listed()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivering, "_settle", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            deliver(owed())
    assert deliver(owed()) is None  # the lease
    assert deliver(owed(), clock.now() + delivering.LEASE) is DeliveryState.DELIVERED
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1
    assert len(receiver.got) == 2
