"""Webhooks: what is owed when a list moves, how it is sent, and what becomes of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pytest_django import Settings

from hashing.lists import services, signing
from hashing.lists.models import DeliveryState, Partner, Webhook, WebhookDelivery
from hashing.lists.services import delivering
from hashing.lists.services.webhooks import challenge_of
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.core.context import Context
from tests.hashing.listing import Desk, admin, agree, make_partner, reviewed
from tests.hashing.lists.test_signing import unpad
from tests.hashing.receiving import Receiver, receiving

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(tmp_path: Path, settings: Settings) -> Iterator[Receiver]:
    with receiving(tmp_path) as found:
        settings.WEBHOOK_CA_FILE = found.ca_file
        settings.WEBHOOK_NETWORKS = ["127.0.0.0/8", "::1/128"]
        yield found


def hook(partner: Partner, url: str = "https://hooks.example/") -> Webhook:
    """A confirmed webhook to which nothing is owed."""
    ctx = Context.partner(partner.pk)
    made = services.add_webhook(ctx, partner=partner, url=url)
    services.confirm_webhook(ctx, partner=partner, webhook_id=made.pk, challenge=challenge_of(made))
    WebhookDelivery.objects.all().delete()
    return made


def owed() -> WebhookDelivery:
    return WebhookDelivery.objects.get(state=DeliveryState.OWED)


def deliver(delivery: WebhookDelivery, at: datetime | None = None) -> DeliveryState | None:
    ctx = Context(Context.system("tests").actor, at=at or clock.now())
    return services.deliver(ctx, delivery_id=delivery.pk)


def verified(headers: Any, body: bytes) -> dict[str, Any]:
    """The message, checked as its receiver would. Raises InvalidSignature."""
    version, signature = headers["webhook-signature"].split(",")
    assert version == "v1a"
    (key,) = (each for each in signing.key_set()["keys"] if each["kid"] == headers["webhook-key-id"])
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    Ed25519PublicKey.from_public_bytes(unpad(key["x"])).verify(base64.b64decode(signature), signed)
    said: dict[str, Any] = json.loads(body)
    return said


def test_a_list_that_moves_is_told_signed(receiver: Receiver) -> None:
    made = hook(make_partner(), receiver.url + "/hooks")
    Desk.make().listed()
    delivery = owed()
    assert deliver(delivery) is DeliveryState.DELIVERED
    ((path, headers, body),) = receiver.got
    assert (path, headers["webhook-id"]) == ("/hooks", f"msg_{delivery.pk.hex}")
    assert abs(int(headers["webhook-timestamp"]) - clock.now().timestamp()) < 10
    assert verified(headers, body) == {
        "type": "list.moved",
        "webhook": str(made.pk),
        "at": delivery.created_at.isoformat(),
        "list": "reviewed",
        "epoch": reviewed().epoch,
        "position": 1,
    }
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.status) == ("delivered", 1, 204)
    logged = AuditEntry.objects.get(verb="webhook.called")
    assert logged.payload == {"attempts": 1, "outcome": "status_204", "state": "delivered"}


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "body"])
def test_the_signature_is_over_id_time_and_body(name: str, receiver: Receiver) -> None:
    hook(make_partner(), receiver.url)
    Desk.make().listed()
    deliver(owed())
    ((_path, headers, body),) = receiver.got
    changed = dict(headers.items())
    if name != "body":
        changed[name] = str(int(changed[name]) + 1) if name == "webhook-timestamp" else "msg_0"
    with pytest.raises(InvalidSignature):
        verified(changed, body + b" " if name == "body" else body)


def test_a_busy_list_owes_one_message_with_its_last_position() -> None:
    hook(make_partner())
    desk = Desk.make()
    for _ in range(3):
        desk.listed()
    assert owed().position == 3


def test_what_was_attempted_keeps_its_message(receiver: Receiver) -> None:
    hook(make_partner(), receiver.url)
    desk = Desk.make()
    desk.listed()
    receiver.statuses = [500, 204]
    first = owed()
    assert deliver(first) is DeliveryState.OWED
    desk.listed()
    places = WebhookDelivery.objects.filter(state=DeliveryState.OWED).order_by("position")
    assert [(each.pk == first.pk, each.position) for each in places] == [(True, 1), (False, 2)]
    assert deliver(first, clock.now() + timedelta(seconds=11)) is DeliveryState.DELIVERED
    (_, before, sent), (_, after, again) = receiver.got
    assert (before["webhook-id"], sent) == (after["webhook-id"], again)
    assert before["webhook-signature"] != after["webhook-signature"]


def test_attempts_are_spaced_out_and_come_to_an_end(receiver: Receiver) -> None:
    hook(make_partner(), receiver.url)
    Desk.make().listed()
    receiver.statuses = [503]
    delivery, at, waits = owed(), clock.now(), []
    for _ in range(delivering.TRIES):
        state = services.deliver(Context(admin().actor, at=at), delivery_id=delivery.pk)
        delivery.refresh_from_db()
        waits.append((delivery.due_at - at).total_seconds())
        at = clock.now()
        WebhookDelivery.objects.filter(state=DeliveryState.OWED).update(due_at=at)
    assert state is DeliveryState.FAILED
    assert waits[:4] == [10, 20, 40, 80]
    assert waits[-2] == 6 * 3600
    assert (delivery.attempts, delivery.status) == (delivering.TRIES, 503)
    assert len(receiver.got) == delivering.TRIES


def test_before_its_time_nothing_is_sent(receiver: Receiver) -> None:
    hook(make_partner(), receiver.url)
    Desk.make().listed()
    receiver.statuses = [500]
    deliver(owed())
    assert deliver(owed()) is None
    assert len(receiver.got) == 1


def test_an_address_that_says_gone_is_told_no_more(receiver: Receiver) -> None:
    made = hook(make_partner(), receiver.url)
    desk = Desk.make()
    desk.listed()
    receiver.statuses = [410]
    assert deliver(owed()) is DeliveryState.FAILED
    made.refresh_from_db()
    assert made.ended_at is not None
    assert AuditEntry.objects.get(verb="webhook.ended").payload["reason"] == "gone"
    desk.listed()
    assert not WebhookDelivery.objects.filter(state=DeliveryState.OWED).exists()


def test_an_address_that_became_private_is_not_called(settings: Settings, receiver: Receiver) -> None:
    settings.WEBHOOK_NETWORKS = []
    hook(make_partner(), receiver.url)
    Desk.make().listed()
    assert deliver(owed()) is DeliveryState.OWED
    assert (owed().status, owed().error) == (0, "address")
    assert AuditEntry.objects.get(verb="webhook.called").payload["outcome"] == "address"
    assert receiver.got == []


@pytest.mark.parametrize("why", ["unconfirmed", "not entitled", "inactive", "ended"])
def test_who_is_owed_nothing(why: str) -> None:
    partner = make_partner()
    made = hook(partner)
    if why == "unconfirmed":
        Webhook.objects.update(confirmed_at=None)
    elif why == "not entitled":
        services.withdraw_entitlement(admin(), partner=partner, hash_list=reviewed())
    elif why == "inactive":
        Partner.objects.update(is_active=False)
    else:
        services.end_webhook(Context.partner(partner.pk), partner=partner, webhook_id=made.pk)
    Desk.make().listed()
    assert not WebhookDelivery.objects.exists()


def test_of_a_list_that_it_may_not_pull_any_more_it_is_told_nothing(receiver: Receiver) -> None:
    partner = make_partner()
    made = hook(partner, receiver.url)
    Desk.make().listed()
    delivery = owed()
    services.withdraw_entitlement(admin(), partner=partner, hash_list=reviewed())
    assert deliver(delivery) is None
    delivery.refresh_from_db()
    made.refresh_from_db()
    assert (delivery.state, delivery.error, made.ended_at) == ("failed", "ended", None)
    assert receiver.got == []


def test_one_that_comes_back_confirms_its_webhooks_again() -> None:
    partner = make_partner()
    made = hook(partner)
    services.off_board(admin(), partner=partner)
    made.refresh_from_db()
    assert made.ended_at is not None
    assert AuditEntry.objects.get(verb="webhook.ended").payload["reason"] == "off_boarded"
    agree(partner, "2027-1")
    Desk.make().listed()
    assert not WebhookDelivery.objects.exists()


def test_a_partner_that_left_is_not_called(receiver: Receiver) -> None:
    hook(make_partner(), receiver.url)
    Desk.make().listed()
    Partner.objects.update(is_active=False)
    assert deliver(owed()) is None
    assert services.requeue_deliveries(Context.system("tests")) == 0


def test_what_the_broker_lost_is_queued_again(monkeypatch: pytest.MonkeyPatch) -> None:
    hook(make_partner())
    Desk.make().listed()
    queued: list[object] = []
    monkeypatch.setattr("portal.vault.queue.send", lambda task, row: queued.append((task, row)))
    assert services.requeue_deliveries(Context.system("tests")) == 1
    assert queued == [("hashing.webhook", owed().pk)]
    WebhookDelivery.objects.update(due_at=clock.now() + timedelta(minutes=1))
    assert services.requeue_deliveries(Context.system("tests")) == 0


def test_the_log_is_kept_for_30_days() -> None:
    hook(make_partner())
    Desk.make().listed()
    ended = {"state": DeliveryState.DELIVERED, "ended_at": clock.now() - timedelta(days=29)}
    WebhookDelivery.objects.update(**ended)
    assert services.forget_deliveries(Context.system("tests")) == 0
    WebhookDelivery.objects.update(ended_at=clock.now() - timedelta(days=31))
    assert services.forget_deliveries(Context.system("tests")) == 1
    assert AuditEntry.objects.get(verb="list.expired").payload == {"records": 1}
