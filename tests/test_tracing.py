"""The watch that every test is under finds what it is there to find."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest

from portal.audit import exemptions
from portal.crypto import symmetric
from tests.portal.audit.walking.source import modules
from tests.tracing import Tracer

KEY = bytes(32)
SEALED = symmetric.encrypt(KEY, b"secret", b"here")
# As if it were the product's: what counts is a function's module.
SOURCE = """
from django.db import transaction
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.crypto import symmetric

def read(): return symmetric.decrypt(KEY, SEALED, b"here")
def tell(): record(Context.system("test"), Verb.CASE_READ, Subject("case", "x"), part="story")

@transaction.atomic
def note(): tell()

def silent(): read()

@transaction.atomic
def together(): read(); tell()

@transaction.atomic
def apart():
    read()

def apart_and_noted(): apart(); note()

def read_then_noted(): read(); note()

def noted_then_read(): note(); read()

def page(): silent(); note()

def undone():
    try:
        with transaction.atomic():
            read()
            raise KeyError
    except KeyError:
        pass

def exempt(): read()
"""


@pytest.fixture(autouse=True)
def what_is_opened_is_on_record() -> None:
    """Here the watch itself is tried, so the one that every other test is under stays away."""


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], None]]:
    found: dict[str, Any] = {"__name__": "cases.example", "KEY": KEY, "SEALED": SEALED}
    exec(SOURCE, found)  # noqa: S102 (the text above)
    monkeypatch.setitem(exemptions.reasons, "cases.example.exempt", "a reason to read")
    return found


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("silent", "cases.example.read < cases.example.silent"),
        ("apart_and_noted", "cases.example.read < cases.example.apart < cases.example.apart_and_noted"),
        ("noted_then_read", "cases.example.read < cases.example.noted_then_read"),
        ("page", "cases.example.read < cases.example.silent < cases.example.page"),
        ("together", ""),
        ("read_then_noted", ""),
        ("undone", ""),
        ("exempt", ""),
        ("read", ""),  # the test's own
    ],
)
def test_what_is_opened_must_be_told(
    db: None,
    functions: dict[str, Callable[[], None]],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    fault: str,
) -> None:
    tracer = Tracer()
    with monkeypatch.context() as patched:
        tracer.install(patched)
        functions[name]()
    assert tracer.faults == ([fault] if fault else [])


def test_there_is_no_cipher_that_is_not_watched() -> None:
    ciphers = (
        "cryptography.hazmat.primitives.ciphers",
        "cryptography.hazmat.primitives.hpke",
        "cryptography.fernet",
    )
    using = {
        name
        for name, module in modules().items()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(ciphers)
    }
    assert using == {"portal.crypto.symmetric", "portal.crypto.chunks", "portal.crypto.sealing"}
