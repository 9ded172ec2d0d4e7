"""When too many derive a key at once, people are told to wait, and nothing of theirs is lost."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from pytest_django import Settings

from cases.models import Case, CodeThrottle
from portal.audit.models import Entry
from portal.crypto import slots
from tests.cases.visitors import STORY, Visitor


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> ExitStack:
    """Every slot is taken until the stack is closed. They are this test's own: other tests run beside it."""
    settings.SLOTS_DIR = tmp_path / "slots"
    monkeypatch.setattr(slots, "WAIT", 0.0)
    taken = ExitStack()
    for _ in range(settings.ARGON2_AT_ONCE):
        taken.enter_context(slots.one())
    return taken


def test_a_report_that_finds_no_slot_stays_a_draft_and_is_sent_later(
    visitor: Visitor, full: ExitStack
) -> None:
    with full:
        visitor.begin()
        visitor.tell()
        visitor.step("files")
        visitor.step("links", links="")
        visitor.step("more")
        visitor.step("consents")
        answer = visitor.step("check")
        assert (answer.status_code, answer["Retry-After"]) == (503, "20")
        assert "Many people are here at this moment." in answer.content.decode()
        assert 'href="/"' in answer.content.decode()
        assert visitor.draft.story == STORY
        assert not Case.objects.exists()
        assert not Entry.objects.filter(verb="case.opened").exists()
    visitor.step("check")
    assert visitor.draft.is_sent
    assert Case.objects.count() == 1


def test_following_answers_the_same_for_known_and_unknown(visitor: Visitor, full: ExitStack) -> None:
    visitor.defaults["REMOTE_ADDR"] = "203.0.113.9"  # this machine itself has no count
    with full:
        Case.objects.all().delete()
        answers = [visitor.follow(name, "ZZZZ-ZZZZ-ZZZZ-ZZZZ") for name in ("ZZZZ-ZZZZ", "YYYY-YYYY")]
    assert [(answer.status_code, answer["Retry-After"]) for answer in answers] == [(503, "20")] * 2
    assert 'href="/follow/"' in answers[0].content.decode()
    # Tries count before they are made: flooding the door gives nobody more of them.
    assert set(CodeThrottle.objects.values_list("attempts", flat=True)) == {1, 2}
