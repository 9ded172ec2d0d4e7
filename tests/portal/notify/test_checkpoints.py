"""The published checkpoint goes by mail to whoever keeps it outside, once a day."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from portal.audit import Verb, exporting, keys, publishing, sealer
from portal.audit.models import Entry
from portal.audit.notes import open_note
from portal.core import clock
from portal.core.context import Context
from portal.notify.delivery import deliver
from portal.notify.models import Message
from portal.notify.tasks import checkpoint
from tests.portal.audit.log import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def outbox(settings: Settings, tmp_path: Path) -> Path:
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.CHECKPOINT_MAIL_TO = ["keeper@court.example", "board@watch.example"]
    return tmp_path / "outbox"


def _publish() -> None:
    write(3)
    sealer.seal_waiting()
    assert publishing.publish(Context.system("test"), at_once=True)


def test_the_note_that_arrives_is_the_published_one(outbox: Path) -> None:
    _publish()
    checkpoint()
    checkpoint()
    assert Message.objects.count() == 2
    for message in Message.objects.all():
        deliver(Context.system("test"), message_id=message.pk)
    mails = [json.loads(file.read_text()) for file in outbox.iterdir()]
    assert sorted(mail["to"] for mail in mails) == ["board@watch.example", "keeper@court.example"]
    published = publishing.newest()
    assert published
    note = exporting.with_cosignatures(published.checkpoint)
    assert [mail["body"] for mail in mails] == [note, note]
    assert open_note(mails[0]["body"], keys.trusted()).text.startswith(f"{keys.origin()}\n3\n")
    entry = Entry.objects.get(verb=Verb.CHECKPOINT_MAILED)
    assert (entry.subject_id, entry.payload) == ("3", {"recipients": 2})


def test_again_after_a_day(outbox: Path) -> None:
    _publish()
    checkpoint()
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        checkpoint()
    assert Message.objects.count() == 4


def test_nobody_to_mail_and_nothing_published_owe_nothing(outbox: Path, settings: Settings) -> None:
    checkpoint()
    _publish()
    settings.CHECKPOINT_MAIL_TO = []
    checkpoint()
    assert not Message.objects.exists()
    assert not Entry.objects.filter(verb=Verb.CHECKPOINT_MAILED).exists()
