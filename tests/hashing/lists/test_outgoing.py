"""Posting to an address that somebody else chose: nowhere but to public https, and never for long."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from hashing.lists import outgoing
from portal.core.errors import Invalid
from tests.hashing.receiving import Receiver, _certificate, receiving


@pytest.fixture
def receiver(tmp_path: Path, settings: Settings) -> Iterator[Receiver]:
    with receiving(tmp_path) as found:
        settings.WEBHOOK_CA_FILE = found.ca_file
        settings.WEBHOOK_NETWORKS = ["127.0.0.0/8", "::1/128"]
        yield found


def code_of(url: str) -> str:
    with pytest.raises(outgoing.NotSent) as error:
        outgoing.post(url, b"{}", {})
    return error.value.code


def test_it_arrives_with_its_path_query_headers_and_body(receiver: Receiver) -> None:
    assert outgoing.post(receiver.url + "/a?b=c", b'{"x": 1}', {"X-Test": "y"}) == 204
    ((path, headers, body),) = receiver.got
    assert (path, headers["X-Test"], body) == ("/a?b=c", "y", b'{"x": 1}')


def test_a_redirect_is_an_answer_and_not_followed(receiver: Receiver) -> None:
    receiver.statuses = [302]
    assert outgoing.post(receiver.url, b"{}", {}) == 302
    assert len(receiver.got) == 1


def test_a_private_address_is_refused_by_whatever_name(receiver: Receiver, settings: Settings) -> None:
    settings.WEBHOOK_NETWORKS = []
    assert code_of(receiver.url) == "address"
    assert code_of(receiver.url.replace("localhost", "127.0.0.1")) == "address"
    assert receiver.got == []


def test_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, 1, 6, "", (each, 443)) for each in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("it connected"))
    assert code_of("https://hooks.example/") == "address"


def test_it_connects_to_the_address_that_was_checked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that answers otherwise the second time is asked once only."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *rest: Any, **more: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 or host == "127.0.0.1" else "10.0.0.1", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    assert outgoing.post(receiver.url, b"{}", {}) == 204
    assert asked == ["localhost", "127.0.0.1"]


def test_a_certificate_of_nobody_known_is_refused(receiver: Receiver, settings: Settings) -> None:
    settings.WEBHOOK_CA_FILE = None
    assert code_of(receiver.url) == "tls"
    assert receiver.got == []


@pytest.mark.parametrize("host", ["nowhere.invalid"])
def test_a_name_that_is_not_there(host: str) -> None:
    assert code_of(f"https://{host}/") == "name"


@pytest.mark.parametrize("host", ["x" * 64 + ".example", "a..example", ".example"])
def test_what_can_be_no_name_is_an_outcome_like_any_other(host: str) -> None:
    assert code_of(f"https://{host}/") == "address"


def test_nobody_listens(settings: Settings) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert code_of(f"https://127.0.0.1:{port}/") == "connect"


def _answering(folder: Path, answer: Callable[[ssl.SSLSocket], object]) -> str:
    """A server that takes one connection and does what it is told."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder))
    server = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with server, context.wrap_socket(server.accept()[0], server_side=True) as one:
            answer(one)

    threading.Thread(target=run, daemon=True).start()
    return f"https://localhost:{server.getsockname()[1]}/"


@pytest.mark.parametrize(
    ("answer", "code"), [(b"SSH-2.0 hello\r\n", "answer"), (b"", "answer"), (b"x" * 5000, "answer")]
)
def test_what_is_no_http_is_refused(answer: bytes, code: str, tmp_path: Path, settings: Settings) -> None:
    settings.WEBHOOK_NETWORKS, settings.WEBHOOK_CA_FILE = ["127.0.0.0/8"], str(tmp_path / "ca.pem")

    def reply(one: ssl.SSLSocket) -> None:
        one.recv(1)
        one.sendall(answer)

    assert code_of(_answering(tmp_path, reply)) == code


def test_an_answer_that_drips_is_not_waited_for(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_NETWORKS, settings.WEBHOOK_CA_FILE = ["127.0.0.0/8"], str(tmp_path / "ca.pem")
    monkeypatch.setattr(outgoing, "WHOLE", 0.5)
    over = threading.Event()

    def drip(one: ssl.SSLSocket) -> None:
        while not over.wait(0.1):
            one.sendall(b"H")

    assert code_of(_answering(tmp_path, drip)) == "timeout"
    over.set()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 (not bound to)
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("2001:0:1::", False),
        ("ff02::1", False),
        ("fec0::1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool, settings: Settings) -> None:  # noqa: FBT001
    settings.WEBHOOK_NETWORKS = []
    assert outgoing.allowed(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "https://",
        "https://user@hooks.example/",
        "https://user:secret@hooks.example/",
        "https://hooks.example:22/",
        "https://hooks.example:99999/",
        "https://hooks.example/ x",
        "https://hooks.example/\r\nHost: x",
        "https://hooks.example/#part",
        "https://hooks.example/é",
        "ftp://hooks.example/",
        "https://[::1/",
        "https://.hooks.example/",
        "https://hooks..example/",
        f"https://{'x' * 64}.example/",
        "https://hooks.example/" + "x" * 500,
    ],
)
def test_addresses_that_are_refused_at_once(url: str) -> None:
    with pytest.raises(Invalid) as error:
        outgoing.checked(url)
    assert error.value.code == "bad_address"


@pytest.mark.parametrize("url", ["https://hooks.example/a?b=c", "https://hooks.example:8443/"])
def test_addresses_that_are_taken(url: str) -> None:
    assert outgoing.checked(url) == url
