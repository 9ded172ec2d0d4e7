"""How `bench tails` counts, and what it makes of what it counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hashing.fingerprints.regional import enrol, table
from hashing.matching import decide, vote
from hashing.matching.fitting import Doubles
from portal.bench.tails import chart, windows
from portal.bench.tails.tail import Tail
from tests.hashing.samples import sample


def election(score: float, inliers: int = 10) -> Doubles:
    fields = np.zeros(vote.FIELDS)
    fields[vote.SCORE], fields[vote.INLIERS], fields[vote.VISIBLE] = score, inliers, inliers
    fields[vote.SPREAD] = 0.2
    return fields


def halving(points: int = 2) -> Tail:
    """A thousand million pairs, of which half as many reach every `points` more, from 2 to the 16 at 8."""
    tail = Tail()
    tail.pairs[False] = 10**9
    for step in range(14):
        tail.counts[False][8 + points * step] = 2 ** (16 - step) - 2 ** (15 - step)
    tail.counts[False][8 + points * 14] = 4
    return tail


def test_above_counts_every_higher_score() -> None:
    tail = Tail()
    for score in (7.9, 8.0, 12.5, 70.0):
        tail.add(election(score), one_set=False, who="a b")
    tail.add(election(30), one_set=True, who="a c")
    assert [tail.above(at, one_set=False) for at in (7, 8, 9, 12, 13, 60)] == [4, 3, 2, 2, 1, 1]
    assert tail.above(8, one_set=True) == 1
    assert tail.decided[False, 1_000, "copy"] == 1
    assert tail.decided[True, 1_000_000, "copy"] == 1
    assert len(tail.high) == 2


def test_a_straight_tail_is_read_and_carried_on() -> None:
    tail = halving()
    assert tail.halves_every() == pytest.approx(2, abs=0.15)
    assert tail.rate(8) == pytest.approx(2**16 / 10**9, rel=0.01)
    assert tail.rate(46) < tail.rate(34) / 2**5
    assert tail.rate(decide.threshold(1_000_000)) * 10**6 == pytest.approx(2**6 / 10**3, rel=0.3)


def test_the_chart_names_what_it_shows(tmp_path: Path) -> None:
    file = tmp_path / "tails.svg"
    chart.draw(halving(), {"1,000 listed": 16.0}, file)
    drawn = file.read_text()
    assert drawn.startswith("<svg")
    assert "1,000 listed" in drawn
    assert drawn.count("<polyline") == 2
    assert "1e+09" in drawn


def test_windows_of_one_photograph() -> None:
    listed = list(windows.enrolled(sample("astronaut"), table.current()))
    assert len(listed) == windows.EACH
    assert {(own.width, own.height) for own in listed} == {(512, 512)}
    assert min(map(len, listed)) > 60
    asked = list(windows.queries(sample("astronaut"), table.current()))
    assert len(asked) == windows.EACH
    assert max(float(one.x.max()) for one in asked) <= 560


def test_commonness_is_nearly_the_enrolment_s() -> None:
    made = table.current().background[:200]
    ours, theirs = windows.commonness(made, table.current()), enrol.commonness(made, table.current())
    assert (abs(ours - theirs) <= 0.5).mean() > 0.95
