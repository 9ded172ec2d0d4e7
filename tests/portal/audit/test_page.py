"""docs/audit.md is what the code says."""

from __future__ import annotations

from io import StringIO

from django.conf import settings
from django.core.management import call_command

from portal.audit import Verb, journey, page, sight
from portal.audit.exemptions import reasons
from portal.audit.journey import Line


def test_the_committed_page_is_the_printed_one() -> None:
    printed = StringIO()
    call_command("audit", "page", stdout=printed)
    committed = (settings.BASE_DIR / "docs" / "audit.md").read_text(encoding="utf-8")
    assert printed.getvalue() == committed, "run: manage.py audit page > docs/audit.md"


def test_every_verb_and_every_exemption_has_its_line() -> None:
    lines = page.render().splitlines()
    assert [verb for verb in Verb if sum(line.startswith(f"| `{verb}` |") for line in lines) != 1] == []
    assert [name for name in reasons if not any(line.startswith(f"| `{name}` |") for line in lines)] == []
    assert "| `picture.revealed` | reveal: uuid, seconds: number | the case's team, the person |" in lines
    assert "| `staff.logged_out` |  |  |" in lines


def test_who_sees_what() -> None:
    assert sight.readers(Verb.LIST_PULLED) == ["the partner"]
    assert sight.readers(Verb.STAFF_LOGGED_IN) == []
    assert all(verb in sight.TEAM_VERBS for verb in sight.OPENINGS)


def _predicted() -> list[Line]:
    """The log that the prediction describes, for two pictures."""
    lines = [
        Line(step.title, verb, is_system=False, subject=("case", "1"), empty=False)
        for step in journey.STEPS
        for verb in step.verbs
    ]
    for kind, verbs in journey.ALONGSIDE.items():
        for subject in ("1", "2"):
            lines += [Line("", verb, is_system=True, subject=(kind, subject), empty=False) for verb in verbs]
    return lines


def test_the_prediction_agrees_with_itself_and_ignores_empty_pulls() -> None:
    empty = Line(journey.STEPS[3].title, Verb.LIST_PULLED, is_system=False, subject=("list", "1"), empty=True)
    assert journey.differences([*_predicted(), empty]) == []


def test_a_missing_an_additional_and_a_moved_entry_are_differences() -> None:
    lines = _predicted()
    assert len(journey.differences(lines[1:])) == 1
    assert len(journey.differences([*lines, lines[0]])) == 1
    assert len(journey.differences([lines[1], lines[0], *lines[2:]])) == 1
    without_worker = [line for line in lines if line.subject != ("picture", "1")]
    assert journey.differences(without_worker) == []  # that picture's chain is gone as a whole; one is left
    assert journey.differences([line for line in lines if line.subject[0] != "message"]) == [
        "message: nothing in the log"
    ]
    half = [line for line in lines if line.verb != Verb.FINGERPRINT_COMPUTED]
    assert len(journey.differences(half)) == 2
