"""Who wins a comparison with other indexes: the fastest of those that find at least as much."""

from __future__ import annotations

from portal.bench.lookup_peers import Tuned, verdict
from portal.bench.measuring import fastest

OURS = Tuned("ours", 10.0, 0.8)


def test_what_finds_less_does_not_count_however_fast() -> None:
    told = verdict([OURS, Tuned("faiss_a", 2.0, 0.799), Tuned("faiss_b", 30.0, 0.8)])
    assert told == {
        "fastest_as_good": "ours",
        "faiss_as_good_ms": 30.0,
        "ours_ms": 10.0,
        "ours_true_pairs_found": 0.8,
        "faiss_a_ms": 2.0,
        "faiss_a_true_pairs_found": 0.799,
        "faiss_b_ms": 30.0,
        "faiss_b_true_pairs_found": 0.8,
    }


def test_a_faster_one_that_finds_as_much_wins() -> None:
    told = verdict([OURS, Tuned("faiss_a", 12.0, 0.9), Tuned("faiss_b", 9.9, 0.95)])
    assert (told["fastest_as_good"], told["faiss_as_good_ms"]) == ("faiss_b", 9.9)


def test_where_none_finds_as_much_there_is_no_time_to_name() -> None:
    assert "faiss_as_good_ms" not in verdict([OURS, Tuned("faiss_a", 1.0, 0.1)])


def test_the_quickest_turn_and_its_result() -> None:
    turns = iter([1, 2, 3])
    seconds, result = fastest(lambda: next(turns))
    assert (0 <= seconds < 60, result) == (True, 3)
