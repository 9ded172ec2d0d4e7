"""The form of a list of helplines."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from portal.agency import helplines

GOOD = {"name": "Line", "phone": "+61 2 5550 1234", "url": "https://line.example/", "hours": ""}


@pytest.mark.parametrize("value", [[], [GOOD], [GOOD | {"phone": ""}], [GOOD | {"url": ""}]])
def test_good_lists(value: object) -> None:
    helplines.check(value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        GOOD,
        [GOOD | {"name": ""}],
        [GOOD | {"phone": "", "url": ""}],
        [GOOD | {"url": "javascript:alert(1)"}],
        [GOOD | {"url": "http://line.example/"}],
        [GOOD | {"phone": "call us"}],
        [GOOD | {"hours": 24}],
        [GOOD | {"colour": "blue"}],
        [{"name": "Line"}],
    ],
)
def test_others_are_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        helplines.check(value)
