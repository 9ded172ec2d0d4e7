"""What the caged child says of a look-up is believed only in the agreed form."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hashing.fingerprints import asked_answers, caged_asked
from hashing.fingerprints.answers import Unbelievable
from hashing.fingerprints.asked import Asked, of_picture
from hashing.fingerprints.regional import table
from hashing.fingerprints.regional.query import Query
from portal.vault import cage
from tests.hashing.samples import sample
from tests.photos import encoded

DATA = encoded(sample("coffee"), "PNG")
WHOLE = [0, 0, 600, 400]
LIMITS = cage.Limits(answer=32 * 1024**2)


@cache
def packed() -> bytes:
    return asked_answers.pack(of_picture(DATA, sample("coffee"), [table.current()]))


def altered(change: Callable[[dict[str, Any]], None]) -> bytes:
    head, _, rest = packed().partition(b"\n")
    values = json.loads(head)
    change(values)
    return json.dumps(values).encode() + b"\n" + rest


def test_it_comes_back_as_it_was() -> None:
    before = of_picture(DATA, sample("coffee"), [table.current()])
    after = asked_answers.unpack(packed())
    assert isinstance(after, Asked)
    assert (after.width, after.height, after.digests) == (before.width, before.height, before.digests)
    assert [(own.value, own.quality) for own in after.pdq] == [(own.value, own.quality) for own in before.pdq]
    same(before.regional[1], after.regional[1])
    assert after.more == ()


def test_so_do_pieces_and_other_frames() -> None:
    page = Image.new("RGB", (200, 900), "white")
    page.paste(sample("coffee").resize((200, 133)), (0, 500))
    before = of_picture(b"", page, [table.current()], [page.transpose(Image.Transpose.ROTATE_180)])
    after = asked_answers.unpack(asked_answers.pack(before))
    assert isinstance(after, Asked)
    assert [piece.box for piece in after.more] == [
        (0, 0, 200, 900),
        (0, 0, 200, 360),
        (0, 270, 200, 630),
        (0, 540, 200, 900),
    ]
    assert [piece.box for piece in after.more] == [piece.box for piece in before.more]
    assert len(after.pdq) == len(before.pdq) > 3
    for one, other in zip(before.more, after.more, strict=True):
        same(one.regional[1], other.regional[1])


def same(one: Query, other: Query) -> None:
    for name in ("start", "x", "y", "scale", "angle", "spot", "codes", "projected"):
        assert (getattr(one, name) == getattr(other, name)).all(), name
    assert (one.width, one.height) == (other.width, other.height)


def test_the_caged_child_answers_the_same() -> None:
    answer = cage.run(caged_asked.__name__, [DATA], args=["1"], limits=LIMITS)
    assert answer == packed()
    assert asked_answers.unpack(cage.run(caged_asked.__name__, [b"not a picture"], args=["1"])) == "unknown"


def set_in(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda values: values.__setitem__(name, value)


@pytest.mark.parametrize(
    "change",
    [
        set_in("width", -1),
        set_in("digests", ["x", "y"]),
        set_in("digests", ["0" * 64]),
        set_in("pdq", [["0" * 64, 100]] * 27),
        set_in("pdq", [["0" * 63, 100]]),
        set_in("pdq", [["0" * 64, 101]]),
        *(
            set_in("pieces", [[WHOLE, [shape]]])
            for shape in (
                [1, 560, 373, [0, 5, 3, 6, 7]],
                [1, 560, 373, [1, 5, 6, 6, 7]],
                [1, 560, 373, [0, 1]],
                [1, 560, 373, [0, 1, 2, 3, 10**9]],
                [1, 9999, 373, [0, 1, 2, 3, 4]],
            )
        ),
        set_in("pieces", []),
        set_in("pieces", [[WHOLE, []]]),
        lambda values: values["pieces"][0].__setitem__(0, [0, 0, 601, 400]),
        lambda values: values["pieces"].extend([[WHOLE, []]] * 13),
        lambda values: values.pop("pdq"),
    ],
)
def test_nothing_else_is_believed(change: Callable[[dict[str, Any]], None]) -> None:
    with pytest.raises(Unbelievable):
        asked_answers.unpack(altered(change))


@pytest.mark.parametrize("broken", [b"", b"[]", b"{", packed()[:-1], packed() + b"x"])
def test_nor_what_is_cut_short_or_goes_on(broken: bytes) -> None:
    with pytest.raises(Unbelievable):
        asked_answers.unpack(broken)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1001])
def test_nor_numbers_out_of_range(number: float) -> None:
    head, _, rest = packed().partition(b"\n")
    with pytest.raises(Unbelievable, match="range"):
        asked_answers.unpack(head + b"\n" + np.float32(number).tobytes() + rest[4:])
