"""manage.py bench intake: each page is held to the bare page that does as much."""

from __future__ import annotations

from itertools import chain

import pytest

from cases.intake.steps import Step
from portal.bench import intake, registry
from portal.bench.registry import Options


def test_each_page_is_compared_with_its_peer() -> None:
    times = chain([("page", 2.0), ("derive_peer", 20.0), ("upload_peer", 10.0)])
    spent = {name: [seconds] * 20 for name, seconds in times}
    spent |= {step: [4.0] * 20 for step, _answers in intake.ANSWERS} | {"story": [6.0] * 20}
    result = intake._ratios(spent)
    assert (result["ratio_start"], result["ratio_check"], result["ratio_upload"]) == (2.0, 0.2, 0.4)
    assert (result["worst"], result["ratio_worst"], result["people"]) == ("story", 3.0, 20)


def test_every_answer_is_for_a_page_that_there_is() -> None:
    steps = [step for step, _answers in intake.ANSWERS if step != "upload"]
    assert [Step(step) for step in steps] == sorted(map(Step, steps), key=list(Step).index)


@pytest.mark.soak
def test_no_page_costs_more_than_five_bare_ones() -> None:
    found = registry.find("intake")
    assert found is not None
    result = found.run(Options())
    assert float(result["ratio_worst"]) <= 5
    assert (float(result["ratio_check"]) <= 5, float(result["ratio_upload"]) <= 5) == (True, True)
