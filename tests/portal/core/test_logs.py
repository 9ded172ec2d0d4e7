"""Nothing that could identify anyone reaches a log line: canaries go in by every way there is."""

from __future__ import annotations

import io
import json
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog
from django.test import Client

from portal.core import logs

CANARY = "canary-mail@example.org"


type_of_read = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[type_of_read]:
    """Reads the lines logged so far, after checking that no canary is among them."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    before = logging.getLogger().handlers
    logs.configure({})

    def lines() -> list[dict[str, Any]]:
        assert "canary" not in stream.getvalue()
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    yield lines
    logging.getLogger().handlers = before


def test_own_events_keep_names_and_safe_values(read: type_of_read) -> None:
    picture = UUID(int=7)

    structlog.get_logger("portal.vault").info(
        "picture_checked", picture=picture, size=12, state="checked", ok=True
    )

    (line,) = read()
    assert line["event"] == "picture_checked"
    assert (line["picture"], line["size"], line["state"], line["ok"]) == (str(picture), 12, "checked", True)
    assert (line["level"], line["logger"]) == ("info", "portal.vault")


def test_free_text_is_dropped_to_its_type(read: type_of_read) -> None:
    structlog.get_logger("portal.x").warning(
        f"to {CANARY}", to=CANARY, many=[CANARY, 3], odd=object(), raw=b"canary"
    )

    (line,) = read()
    assert line["event"] == "<str>"
    assert (line["to"], line["many"], line["odd"], line["raw"]) == (
        "<str>",
        ["<str>", 3],
        "<object>",
        "<bytes>",
    )


def test_an_error_keeps_its_place_and_loses_its_words(read: type_of_read) -> None:
    def fail() -> None:
        secret = CANARY
        raise LookupError(secret) from ValueError(f"no contact {secret}")

    try:
        fail()
    except LookupError:
        structlog.get_logger("portal.x").exception("failed")

    (line,) = read()
    assert line["error"]["type"] == "builtins.LookupError"
    assert line["error"]["cause"]["type"] == "builtins.ValueError"
    assert [frame.rsplit(" ", 1)[1].split(".")[-1] for frame in line["error"]["frames"]] == [
        "test_an_error_keeps_its_place_and_loses_its_words",
        "fail",
    ]


def test_a_librarys_record_shows_its_place_and_template(read: type_of_read) -> None:
    logging.getLogger("some.library").warning("refused %s", CANARY)

    (line,) = read()
    assert line["template"] == "refused %s"
    assert line["event"].startswith("test_logs.test_a_librarys_record")


def test_a_librarys_ready_made_message_is_dropped(read: type_of_read) -> None:
    ready_made = f"refused {CANARY}"
    logging.getLogger("some.library").error(ready_made, exc_info=ValueError(CANARY))

    (line,) = read()
    assert "template" not in line
    assert line["error"]["type"] == "builtins.ValueError"


def test_a_broken_request_leaves_no_path_and_no_message(db: None, read: type_of_read, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.portal.core.refusing_urls"

    Client(raise_request_exception=False).get(f"/broken?mail={CANARY}", headers={"user-agent": CANARY})
    Client().get("/broken-canary")

    broken = next(line for line in read() if "error" in line)
    assert broken["logger"] == "django.request"
    assert broken["error"]["type"] == "builtins.RuntimeError"


def test_a_forged_host_is_not_repeated(db: None, read: type_of_read) -> None:
    response = Client().get("/", headers={"host": "canary.example.org"})

    assert response.status_code == 400
    assert read()[0]["logger"] == "django.security.DisallowedHost"


def test_a_thread_that_dies_is_told_without_its_words(read: type_of_read) -> None:
    def fail() -> None:
        raise ValueError(CANARY)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()

    (line,) = read()
    assert (line["event"], line["error"]["type"]) == ("thread_ended", "builtins.ValueError")


def test_own_events_of_the_standard_logger_keep_safe_extras(read: type_of_read) -> None:
    logging.getLogger("portal.vault.x").warning(
        "check_failed", extra={"kind": "CageError", "to": CANARY, "attempt": 2}
    )

    (line,) = read()
    assert (line["event"], line["kind"], line["to"], line["attempt"]) == (
        "check_failed",
        "CageError",
        "<str>",
        2,
    )
    assert line.keys() == {"at", "level", "logger", "event", "kind", "to", "attempt"}


def test_codes_and_numbers_are_not_names(read: type_of_read) -> None:
    structlog.get_logger("portal.x").info(
        "seen", code="7QK2M9XA", capitals="ABCDEFGH", phone="0400000000", state="stored"
    )

    (line,) = read()
    assert (line["code"], line["capitals"], line["phone"], line["state"]) == (
        "<str>",
        "<str>",
        "<str>",
        "stored",
    )
