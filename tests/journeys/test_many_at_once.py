"""Two hundred people at once, on a real server: nobody sees an error, and no request is lost."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from portal.bench.intake import ANSWERS
from portal.demo.forms import Browser
from portal.embedded.stack import Stack

PEOPLE = 200
pytestmark = pytest.mark.soak


def one_person(base_url: str, together: Barrier) -> tuple[str, str]:
    """From the first page to following the request; the reference and the code."""
    person = Browser(base_url)
    together.wait(timeout=120)
    person.open("/")
    person.submit()
    for step, answers in ANSWERS[1:]:
        if step == "upload":
            continue
        fields = _as_typed(answers)
        person.submit(button=f"go={fields.pop('go', 'on')}", **fields)
    codes = re.findall(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-)+[0-9A-HJKMNP-TV-Z]{4}\b", person.text)
    assert [len(code) for code in codes] == [9, 19]
    person.submit(button="go=on", saved=True)
    return codes[0], codes[1]


def _as_typed(answers: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in answers.items()}


def test_two_hundred_people_at_once(stack: Stack) -> None:
    together = Barrier(PEOPLE)
    with ThreadPoolExecutor(PEOPLE) as pool:
        receipts = list(pool.map(lambda _number: one_person(stack.base_url, together), range(PEOPLE)))
    assert len({reference for reference, _code in receipts}) == PEOPLE
    for reference, code in receipts[:5]:
        follower = Browser(stack.base_url)
        follower.open("/follow/")
        follower.submit(button="go=enter", reference=reference, code=code)
        assert follower.page.select_one("button[value=leave]") is not None
