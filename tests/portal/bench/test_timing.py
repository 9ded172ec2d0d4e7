"""What two rows of times say about each other."""

from __future__ import annotations

from portal.bench.timing import figures


def test_equal_doors_are_not_told_apart() -> None:
    row = [0.1 + 0.001 * (number % 7) for number in range(100)]
    found = figures(row, list(reversed(row)))
    assert (found["ratio"], found["guesses_of_each"], found["tells_apart"]) == (1.0, 100, "no")
    assert found["chance"] == 1.0


def test_a_door_that_is_a_little_slower_is_told_apart() -> None:
    row = [0.1 + 0.001 * (number % 7) for number in range(100)]
    found = figures([seconds + 0.002 for seconds in row], row)
    assert found["tells_apart"] == "yes"
    assert found["ratio"] == 1.0194
    assert found["known_ms"] == 105.0
