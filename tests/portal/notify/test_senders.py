"""How the real ways out fail, against real sockets."""

from __future__ import annotations

import json
import smtplib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from unittest import mock
from uuid import UUID

import pytest
from django.core import mail
from pytest_django import Settings

from portal.notify.models import Channel
from portal.notify.senders import NotSent, Unsure, folder, sender_for, sms, smtp
from portal.notify.wording import Parcel
from tests.factories import make_agency

ID = UUID("6f1c2a34-0000-4000-8000-000000000001")
PARCEL = Parcel("ann@post.example", "An update", "There is an update to your request")


class Gateway(BaseHTTPRequestHandler):
    """Answers with the status it is told to, and remembers what it got. 0 hangs up without a word."""

    status = 202
    got: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.got.append({"body": body, "headers": dict(self.headers)})
        if self.status:
            self.send_response(self.status)
            self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def gateway(db: None, settings: Settings) -> Iterator[type[Gateway]]:
    make_agency()
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    Gateway.status, Gateway.got = 202, []
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/messages"
    settings.SMS_TOKEN = "token-1"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Gateway
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_text_message_is_posted_with_its_id(gateway: type[Gateway]) -> None:
    sms.send(ID, PARCEL)
    (got,) = gateway.got
    assert got["body"] == {"id": str(ID), "from": "Updates", "to": PARCEL.to, "text": PARCEL.body}
    assert got["headers"]["Authorization"] == "Bearer token-1"
    assert got["headers"]["Idempotency-Key"] == str(ID)


@pytest.mark.parametrize(("status", "final"), [(400, True), (401, True), (429, False), (503, False)])
def test_a_gateways_refusal_means_not_sent(gateway: type[Gateway], status: int, final: bool) -> None:  # noqa: FBT001
    gateway.status = status
    with pytest.raises(NotSent) as refused:
        sms.send(ID, PARCEL)
    assert refused.value.final is final


@pytest.mark.parametrize("status", [500, 502, 0])
def test_a_gateway_that_breaks_leaves_doubt(gateway: type[Gateway], status: int) -> None:
    gateway.status = status
    with pytest.raises(Unsure):
        sms.send(ID, PARCEL)


def test_no_gateway_means_not_sent(gateway: type[Gateway], settings: Settings) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/"
    with pytest.raises(NotSent) as refused:
        sms.send(ID, PARCEL)
    assert refused.value.final is False


@pytest.mark.parametrize("url", ["", "http://gateway.example/", "file:///etc/passwd"])
def test_only_an_encrypted_gateway_is_used(gateway: type[Gateway], settings: Settings, url: str) -> None:
    settings.SMS_URL = url
    with pytest.raises(NotSent) as refused:
        sms.send(ID, PARCEL)
    assert refused.value.final is True


def test_a_mail_has_a_stable_id_and_a_neutral_sender(db: None) -> None:
    make_agency()
    smtp.send(ID, PARCEL)
    (message,) = mail.outbox
    assert message.extra_headers["Message-ID"] == f"<{ID}@localhost>"
    assert message.from_email == "Updates <updates@localhost>"
    assert (message.to, message.subject, message.body) == ([PARCEL.to], PARCEL.subject, PARCEL.body)


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (ConnectionRefusedError(), False),
        (smtplib.SMTPAuthenticationError(535, b"no"), False),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"unknown")}), True),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"later")}), False),
        (smtplib.SMTPDataError(554, b"no"), True),
        (smtplib.SMTPDataError(451, b"later"), False),
    ],
)
def test_a_mail_servers_refusal_means_not_sent(db: None, error: Exception, final: bool) -> None:  # noqa: FBT001
    make_agency()
    with (
        mock.patch("portal.notify.senders.smtp.EmailMessage.send", side_effect=error),
        pytest.raises(NotSent) as refused,
    ):
        smtp.send(ID, PARCEL)
    assert refused.value.final is final


@pytest.mark.parametrize("error", [TimeoutError(), smtplib.SMTPServerDisconnected(), ConnectionResetError()])
def test_a_mail_server_that_breaks_leaves_doubt(db: None, error: Exception) -> None:
    make_agency()
    with (
        mock.patch("portal.notify.senders.smtp.EmailMessage.send", side_effect=error),
        pytest.raises(Unsure),
    ):
        smtp.send(ID, PARCEL)


def test_the_sample_agency_sends_to_its_folder(settings: Settings) -> None:
    assert sender_for(Channel.SMS) is folder.send
    settings.OUTBOX_DIR = None
    assert (sender_for(Channel.EMAIL), sender_for(Channel.SMS)) == (smtp.send, sms.send)
