"""`/api/v1/webhooks/`: adding, confirming once, ending, and the delivery log."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.models import Webhook, WebhookDelivery
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from tests.hashing.listing import Desk, make_key, make_partner
from tests.hashing.receiving import Receiver, receiving
from tests.hashing.wire import bearer, refused

pytestmark = pytest.mark.django_db
WEBHOOKS = "/api/v1/webhooks"


@pytest.fixture
def receiver(tmp_path: Path, settings: Settings) -> Iterator[Receiver]:
    with receiving(tmp_path) as found:
        settings.WEBHOOK_CA_FILE = found.ca_file
        settings.WEBHOOK_NETWORKS = ["127.0.0.0/8", "::1/128"]
        yield found


def post(key: IssuedKey, address: str, **body: Any) -> Any:
    return Client().post(
        f"{WEBHOOKS}/{address}".rstrip("/"), body, content_type="application/json", headers=bearer(key)
    )


def deliver_all() -> None:
    for delivery in WebhookDelivery.objects.filter(state="owed"):
        services.deliver(Context.system("tests"), delivery_id=delivery.pk)


def test_the_whole_way_from_adding_to_the_log(receiver: Receiver) -> None:
    key = make_key(Wire.NATIVE)
    added = post(key, "", url=receiver.url).json()
    assert (added["url"], added["confirmed_at"]) == (receiver.url, None)
    deliver_all()
    Desk.make().listed()
    deliver_all()  # nothing more: it isn't confirmed
    ((_path, _headers, body),) = receiver.got
    said = json.loads(body)
    assert (said["type"], said["webhook"]) == ("webhook.challenge", added["id"])
    confirmed = post(key, f"{added['id']}/confirm", challenge=said["challenge"])
    assert (confirmed.status_code, confirmed.json()["confirmed_at"] is None) == (200, False)
    Desk.make().listed()
    deliver_all()
    log = Client().get(f"{WEBHOOKS}/{added['id']}/deliveries", headers=bearer(key)).json()["deliveries"]
    assert [(each["list"], each["position"], each["state"], each["status"]) for each in log] == [
        ("reviewed", 2, "delivered", 204),
        (None, 0, "delivered", 204),
    ]
    verbs = ["webhook.added", "webhook.called", "webhook.confirmed"]
    assert sorted(set(AuditEntry.objects.filter(verb__in=verbs).values_list("verb", flat=True))) == verbs


def test_a_replayed_confirmation_is_refused_and_audited(receiver: Receiver) -> None:
    partner = make_partner()
    key = make_key(Wire.NATIVE, partner)
    added = post(key, "", url=receiver.url).json()
    deliver_all()
    challenge = json.loads(receiver.got[0][2])["challenge"]
    assert post(key, f"{added['id']}/confirm", challenge=challenge).status_code == 200
    at = Webhook.objects.get().confirmed_at
    refused(post(key, f"{added['id']}/confirm", challenge=challenge), 403, "challenge_used")
    assert Webhook.objects.get().confirmed_at == at
    logged = AuditEntry.objects.get(verb="partner.refused")
    assert (logged.subject_id, logged.payload) == (str(partner.pk), {"wire": "native", "reason": "replayed"})


def test_a_made_up_challenge_is_refused_and_audited(receiver: Receiver) -> None:
    key = make_key(Wire.NATIVE)
    added = post(key, "", url=receiver.url).json()
    refused(post(key, f"{added['id']}/confirm", challenge="x" * 43), 403, "wrong_challenge")
    assert Webhook.objects.get().confirmed_at is None
    assert AuditEntry.objects.get(verb="partner.refused").payload["reason"] == "challenge"


def test_it_is_ended() -> None:
    key = make_key(Wire.NATIVE)
    added = post(key, "", url="https://hooks.example/").json()
    assert Client().delete(f"{WEBHOOKS}/{added['id']}", headers=bearer(key)).status_code == 204
    assert WebhookDelivery.objects.get().state == "failed"
    assert Client().get(WEBHOOKS, headers=bearer(key)).json() == {"webhooks": []}
    refused(Client().delete(f"{WEBHOOKS}/{added['id']}", headers=bearer(key)), 404, "no_such_webhook")
    assert post(key, "", url="https://hooks.example/").status_code == 201


def test_another_partners_is_not_there() -> None:
    mine, other = make_key(Wire.NATIVE), make_key(Wire.NATIVE, make_partner("Other"))
    added = post(other, "", url="https://hooks.example/").json()
    for known in (added["id"], str(uuid.uuid4())):
        refused(Client().delete(f"{WEBHOOKS}/{known}", headers=bearer(mine)), 404, "no_such_webhook")
        refused(post(mine, f"{known}/confirm", challenge="x"), 404, "no_such_webhook")
        log = Client().get(f"{WEBHOOKS}/{known}/deliveries", headers=bearer(mine))
        refused(log, 404, "no_such_webhook")
    assert Webhook.objects.get().ended_at is None


def test_one_address_once_and_five_at_most() -> None:
    key = make_key(Wire.NATIVE)
    for number in range(5):
        assert post(key, "", url=f"https://hooks.example/{number}").status_code == 201
    refused(post(key, "", url="https://hooks.example/0"), 409, "webhook_exists")
    refused(post(key, "", url="https://hooks.example/5"), 409, "too_many_webhooks")


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [("http://hooks.example/", 400, "invalid"), ("https://a@hooks.example/", 422, "bad_address")],
)
def test_an_address_that_cannot_be_called_is_refused(url: str, status: int, code: str) -> None:
    refused(post(make_key(Wire.NATIVE), "", url=url), status, code)
    assert not Webhook.objects.exists()
