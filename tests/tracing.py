"""Watches, in every test of cases, that what is opened goes on record.

The three places in portal.crypto where ciphertext becomes plaintext tell a tracer, whatever led there: a
service, a selector, an attribute of a model that only looks like a column. The transaction that something was
opened in must record; outside of one, the function that opened it, or the one that called it for that, must
record before it returns. `@unrecorded` functions answer for themselves. What a test opens itself, or by
calling the very function that opens, is the test's.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS
from django.db.transaction import Atomic

from portal.audit import recording
from portal.audit.exemptions import reasons
from portal.audit.models import Entry
from portal.crypto import chunks, sealing, symmetric

PACKAGES = ("portal.", "hashing.", "cases.")
CRYPTO = "portal.crypto."
SHOWN = 4


class Transaction:
    """An outermost one of the product's: whether it recorded something, or came to nothing."""

    def __init__(self) -> None:
        self.recorded = self.undone = False


@dataclass
class Opening:
    """Something sealed was opened by `path`, the innermost function first. `callers` are the frames that may
    still record it; they are kept for what happens outside a transaction only."""

    path: tuple[str, ...]
    inside: Transaction | None
    callers: tuple[FrameType, ...]
    told: bool = False

    @property
    def is_answered_for(self) -> bool:
        return self.told or (self.inside is not None and (self.inside.recorded or self.inside.undone))


class Tracer:
    def __init__(self) -> None:
        self._openings: list[Opening] = []
        self._blocks: list[Transaction] = []
        self._thread = threading.get_ident()

    @property
    def _looks(self) -> bool:
        """At the test's own thread: another's may still be at work when the test is over."""
        return threading.get_ident() == self._thread

    @property
    def faults(self) -> list[str]:
        """Who opened what nobody recorded."""
        return sorted({" < ".join(one.path[:SHOWN]) for one in self._openings if not one.is_answered_for})

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in (symmetric, chunks):
            monkeypatch.setattr(module, "AESGCM", self._watching(module.AESGCM))
        monkeypatch.setattr(sealing, "_SUITE", _Watched(sealing._SUITE, self))
        monkeypatch.setattr(recording, "_insert", self._noting(recording._insert))
        self._watch_transactions(monkeypatch)

    def opened(self) -> None:
        frames = list(_product(sys._getframe(1)))
        path = tuple(map(_name, frames))
        if self._looks and len(path) > 1 and not any(name in reasons for name in path):
            inside = self._blocks[0] if self._blocks else None
            self._openings.append(Opening(path, inside, () if inside else tuple(frames[:2])))

    def _noting(self, insert: Callable[[Entry], None]) -> Callable[[Entry], None]:
        def noted(entry: Entry) -> None:
            insert(entry)
            if not self._looks:
                return
            for block in self._blocks[:1]:
                block.recorded = True
            frames = list(_product(sys._getframe(1)))
            for one in self._openings:
                if any(frame in frames for frame in one.callers):
                    one.told, one.callers = True, ()

        return noted

    def _watching(self, cipher: Any) -> Any:
        return lambda key: _Watched(cipher(key), self)

    def _watch_transactions(self, monkeypatch: pytest.MonkeyPatch) -> None:
        enter, leave = Atomic.__enter__, Atomic.__exit__

        def entered(block: Atomic) -> None:
            enter(block)
            if self._looks and _is_products(block):
                self._blocks.append(Transaction())

        def left(block: Atomic, kind: Any, *rest: Any) -> None:
            if self._looks and _is_products(block) and self._blocks:
                self._blocks.pop().undone = kind is not None
            leave(block, kind, *rest)

        monkeypatch.setattr(Atomic, "__enter__", entered)
        monkeypatch.setattr(Atomic, "__exit__", left)


class _Watched:
    """A cipher that tells when it has opened something."""

    def __init__(self, cipher: Any, tracer: Tracer) -> None:
        self._cipher, self._tracer = cipher, tracer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cipher, name)

    def decrypt(self, *values: Any, **named: Any) -> bytes:
        plaintext: bytes = self._cipher.decrypt(*values, **named)
        self._tracer.opened()
        return plaintext


def _is_products(block: Atomic) -> bool:
    """Not the one around a whole test, nor the owner's."""
    around_a_test: bool = vars(block)["_from_testcase"]
    return block.using in {None, DEFAULT_DB_ALIAS} and not around_a_test


def _product(frame: FrameType | None) -> Iterator[FrameType]:
    """The product's functions from a frame outwards, portal.crypto's own left out."""
    while frame:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(PACKAGES) and not module.startswith(CRYPTO):
            yield frame
        frame = frame.f_back


def _name(frame: FrameType) -> str:
    return f"{frame.f_globals['__name__']}.{frame.f_code.co_qualname}"


@pytest.fixture(autouse=True)
def what_is_opened_is_on_record() -> Iterator[None]:
    tracer = Tracer()
    with pytest.MonkeyPatch.context() as monkeypatch:
        tracer.install(monkeypatch)
        yield
    assert tracer.faults == [], "opened, and nobody recorded it"
