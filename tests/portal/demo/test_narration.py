"""What the demo prints, and that it stops where something doesn't hold."""

from __future__ import annotations

import pytest

from portal.demo.narration import DemoFailed, Narrator, until


def test_steps_are_numbered_and_what_was_seen_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    tell = Narrator()
    tell.step("First")
    tell.check([1], "one thing")
    tell.step("Second")
    assert capsys.readouterr().out == "\n 1. First\n    ✓ one thing\n\n 2. Second\n"


def test_what_does_not_hold_ends_it_and_is_not_ticked(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DemoFailed, match=r"^a match: it does not hold\. It printed nothing\.$"):
        Narrator().check([], "a match", "It printed nothing.")
    assert capsys.readouterr().out == ""


def test_waiting_returns_the_first_thing_seen() -> None:
    answers = iter(["", None, "there"])
    assert until(lambda: next(answers), seconds=5, waiting_for="answer") == "there"


def test_waiting_ends_with_a_sentence() -> None:
    with pytest.raises(DemoFailed, match=r"^After 0 seconds there was still no answer\.$"):
        until(lambda: None, seconds=0, waiting_for="answer")
