"""The outbox: notices at least once, codes at most once, and nothing left to read afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock
from uuid import UUID

import pytest
from django.db import connections
from pytest_django import Settings

from portal.audit.models import Entry
from portal.core.context import Actor, ActorKind, Context
from portal.notify import delivery, services, tasks
from portal.notify.models import Channel, Message, MessageState, Template
from portal.notify.senders import NotSent, Unsure
from portal.notify.wording import Parcel

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TOPIC = ["image", "intimate", "abuse", "picture", "nude", "photo", "http", "case"]


def at(seconds: float = 0) -> Context:
    return Context(Actor(ActorKind.SYSTEM, "test"), at=NOON + timedelta(seconds=seconds))


@pytest.fixture
def outbox(tmp_path: Path, settings: Settings) -> Path:
    settings.OUTBOX_DIR = tmp_path
    return tmp_path


def code_message() -> Message:
    return services.send(at(), channel=Channel.SMS, to="+61412345678", template=Template.CODE, code="123456")


def notice() -> Message:
    return services.send(at(), channel=Channel.EMAIL, to="ann@post.example", template=Template.UPDATE)


@contextmanager
def failing(*errors: Exception | None) -> Iterator[list[tuple[UUID, Parcel]]]:
    """A sender that fails as told, one error per call; None is a success."""
    sent: list[tuple[UUID, Parcel]] = []
    left = list(errors)

    def send(message_id: UUID, parcel: Parcel) -> None:
        sent.append((message_id, parcel))
        if (error := left.pop(0)) is not None:
            raise error

    with mock.patch("portal.notify.delivery.sender_for", return_value=send):
        yield sent


def test_a_code_reaches_the_folder_and_its_payload_is_erased(db: None, outbox: Path) -> None:
    message = code_message()
    assert delivery.deliver(at(1), message_id=message.id) == "sent"
    (file,) = outbox.glob("*.json")
    assert json.loads(file.read_text()) == {
        "to": "+61412345678",
        "subject": "Your code",
        "body": "123456 is your code",
    }
    assert file.stat().st_mode & 0o777 == 0o600
    message.refresh_from_db()
    assert (message.state, message.payload, message.ended_at) == ("sent", None, at(1).at)
    entry = Entry.objects.get(subject_id=str(message.id))
    assert (entry.verb, entry.payload) == (
        "message.sent",
        {"channel": "sms", "template": "code", "attempts": 1, "outcome": "sent"},
    )


def test_a_sent_message_is_not_sent_again(db: None, outbox: Path) -> None:
    message = notice()
    delivery.deliver(at(1), message_id=message.id)
    assert delivery.deliver(at(500), message_id=message.id) is None
    assert len(list(outbox.glob("*.json"))) == 1


def test_no_message_names_the_topic_or_carries_a_link(db: None, outbox: Path) -> None:
    for message in (code_message(), notice()):
        delivery.deliver(at(1), message_id=message.id)
    texts = [json.loads(file.read_text()) for file in sorted(outbox.glob("*.json"))]
    assert {text["body"] for text in texts} == {"123456 is your code", "There is an update to your request"}
    assert not [
        word for word in TOPIC for text in texts if word in f"{text['subject']} {text['body']}".lower()
    ]


def test_the_payload_is_unreadable_without_the_workers_key(db: None) -> None:
    payload = bytes(code_message().payload or b"")
    assert b"123456" not in payload
    assert b"+614" not in payload


def test_an_unsure_code_is_never_resent(db: None) -> None:
    message = code_message()
    with failing(Unsure()) as sent:
        assert delivery.deliver(at(1), message_id=message.id) == "unsure"
        assert delivery.deliver(at(999), message_id=message.id) is None
    assert len(sent) == 1
    message.refresh_from_db()
    assert (message.state, message.payload) == ("unsure", None)


def test_an_unsure_notice_is_sent_again_under_the_same_id(db: None) -> None:
    message = notice()
    with failing(Unsure(), None) as sent:
        assert delivery.deliver(at(1), message_id=message.id) == "owed"
        assert delivery.deliver(at(5), message_id=message.id) is None
        assert delivery.deliver(at(11), message_id=message.id) == "sent"
    assert [message_id for message_id, _parcel in sent] == [message.id, message.id]


def test_a_code_that_was_surely_not_sent_is_tried_three_times(db: None) -> None:
    message = code_message()
    with failing(*[NotSent(final=False)] * 3) as sent:
        states = [delivery.deliver(at(s), message_id=message.id) for s in (0, 10, 30)]
    assert states == ["owed", "owed", "failed"]
    assert len(sent) == 3
    assert Message.objects.get().payload is None


def test_a_final_refusal_ends_it(db: None) -> None:
    message = notice()
    with failing(NotSent(final=True)):
        assert delivery.deliver(at(1), message_id=message.id) == "failed"
    assert Entry.objects.get().payload["outcome"] == "failed"


@pytest.mark.parametrize(("make", "state", "sends"), [(code_message, "unsure", 0), (notice, "sent", 1)])
def test_a_worker_that_died_while_sending(db: None, make: type, state: str, sends: int) -> None:
    """Its lease runs out. Nobody knows how far it got: the code is given up, the notice goes again."""
    message: Message = make()
    delivery._claim(at(0), message.id)
    with failing(None) as sent:
        assert delivery.deliver(at(119), message_id=message.id) is None
        assert delivery.deliver(at(120), message_id=message.id) == state
    assert len(sent) == sends


def test_a_late_worker_does_not_undo_what_another_did(db: None) -> None:
    message = notice()
    late = delivery._claim(at(0), message.id)
    assert late is not None
    with failing(None):
        delivery.deliver(at(200), message_id=message.id)
    assert delivery._settle(at(201), late, MessageState.FAILED) is None
    assert Message.objects.get().state == "sent"


def test_requeue_finds_what_the_broker_lost(db: None) -> None:
    messages = {code_message().id, notice().id}
    with mock.patch("portal.notify.tasks.queue") as queue:
        tasks.requeue()
    assert {call.args[0] for call in queue.call_args_list} == messages


def test_two_workers_send_a_notice_once(committed_db: None, outbox: Path) -> None:
    message = notice()

    def deliver(number: int) -> str | None:
        try:
            return delivery.deliver(at(1), message_id=message.id)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        states = list(pool.map(deliver, range(8)))
    assert states.count(None) == 7
    assert len(list(outbox.glob("*.json"))) == 1
