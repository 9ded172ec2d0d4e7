"""Whatever is added, replaced and taken out, the mapped index finds what is in it, and nothing else."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashing.matching import builder, columns, parts, writing
from hashing.matching.generations import Folder, Generation
from hashing.matching.items import Item
from hashing.matching.parts import Part
from tests.hashing.matching.made_items import (
    bytes_in,
    found_by_exact,
    found_by_pdq,
    found_by_regions,
    made,
    near_pdq,
    traces,
)

SHELVES = {"": 1, "list 0": 2, "list 1": 3, "list 2": 4}


@contextmanager
def in_memory() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="portal-test-index-", dir="/dev/shm"))
    try:
        yield path
    finally:
        shutil.rmtree(path)


def held_by(folder: Folder) -> list[Part]:
    current = folder.current()
    assert current
    return [Part(folder.part(name)) for name in current.parts]


def assert_holds(held: list[Part], truth: dict[int, Item]) -> None:
    """Each item is found by each of its fingerprints, and each hash finds what comparing all of them does."""
    every = np.concatenate([item.pdq for item in truth.values()] or [np.zeros((0, 4), np.uint64)])
    owners = [item.id for item in truth.values() for _ in item.pdq]
    assert sum(part.alive for part in held) == len(truth)
    for number, item in truth.items():
        assert all(item.id in found_by_exact(held, digest) for digest in item.exact)
        for at, word in enumerate(item.pdq):
            asked = near_pdq(word, 5 * at, number)
            far = np.bitwise_count(every ^ asked).sum(axis=1)
            assert found_by_pdq(held, asked) == {owners[row] for row in np.flatnonzero(far <= 31)}
        for enrolled in item.regional:
            assert found_by_regions(held, enrolled)[item.id] == len(enrolled)


steps = st.lists(
    st.tuples(st.sampled_from(["put", "take"]), st.lists(st.integers(0, 30), min_size=1, max_size=12)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=12)
@given(steps, st.sampled_from([0, 3, 2000]))
def test_what_is_in_is_found_and_nothing_is_left_of_what_is_out(
    taken: list[tuple[str, list[int]]], small: int
) -> None:
    """`small` decides when parts are merged: never, often, always."""
    truth: dict[int, Item] = {}
    gone: list[Item] = []
    with in_memory() as path, pytest.MonkeyPatch.context() as patch:
        patch.setattr(builder, "SMALL", small)
        folder = Folder(path)
        folder.switch(Generation())
        for life, (what, numbers) in enumerate(taken):
            gone += [truth.pop(number) for number in numbers if number in truth]
            new = {number: made(number, life=life) for number in numbers} if what == "put" else {}
            truth |= new
            current = folder.current()
            assert current
            builder.take_in(folder, current, list(new.values()), [made(number).id for number in numbers])
        held = held_by(folder)
        assert len(held) <= builder.MOST_PARTS
        assert_holds(held, truth)
        there = bytes_in(path)
        alive = {item.id for item in truth.values()}
        for item in gone:
            assert [kind for kind in traces(item, there) if kind != "id" or item.id not in alive] == []


@settings(max_examples=10)
@given(st.integers(1, 60), st.sets(st.integers(0, 59)))
def test_a_part_made_of_parts_holds_what_was_left_of_them(count: int, out: set[int]) -> None:
    items = {number: made(number, version=1 + number % 2) for number in range(count)}
    with in_memory() as path:
        writing.write(path / "one", [items[n] for n in range(0, count, 2)], SHELVES)
        writing.write(path / "two", [items[n] for n in range(1, count, 2)], SHELVES)
        older = [Part(path / name) for name in ("one", "two")]
        left_out = [made(number).id for number in sorted(out)]
        writing.write(path / "both", [], SHELVES, older=older, left_out=left_out)
        both = Part(path / "both")
        left = {number: item for number, item in items.items() if number not in out}
        assert_holds([both], left)
        rows = range(1, len(both.shelf))
        assert {both.id_of(row): int(both.shelf[row]) for row in rows} == {
            item.id: SHELVES[item.shelf] for item in left.values()
        }


def test_blanking_twice_is_blanking_once() -> None:
    items = {number: made(number) for number in range(20)}
    with in_memory() as path:
        writing.write(path / "part", items.values(), SHELVES)
        part = Part(path / "part", writable=True)
        for _ in range(2):
            parts.blank(part, part.rows_of([items[3].id, items[7].id]))
        assert_holds([Part(path / "part")], {n: item for n, item in items.items() if n not in {3, 7}})


def test_repeated_digests_go_with_the_last_who_has_them() -> None:
    """A blanked digest is written over with its neighbour's; that copy must go with the neighbour."""
    digests = np.array([[n, n] for n in (5, 6, 6, 7)], np.uint64)
    items = [Item(made(n).id, exact=digests[n : n + 1]) for n in range(4)]
    with in_memory() as path:
        writing.write(path / "part", items, SHELVES)
        part = Part(path / "part", writable=True)
        for out in (1, 2, 3, 0):
            parts.blank(part, part.rows_of([items[out].id]))
            assert (np.diff(part.exact[:, 0].astype(np.int64)) >= 0).all()
        assert not part.exact.any()


def test_a_reader_that_has_the_part_mapped_sees_what_is_blanked() -> None:
    items = {number: made(number) for number in range(6)}
    with in_memory() as path:
        writing.write(path / "part", items.values(), SHELVES)
        reader = Part(path / "part")
        writer = Part(path / "part", writable=True)
        parts.blank(writer, writer.rows_of([items[2].id]))
        assert_holds([reader], {n: item for n, item in items.items() if n != 2})
        with pytest.raises(ValueError, match="read-only"):
            reader.ids[1] = 0


def test_files_are_for_their_user_alone() -> None:
    with in_memory() as path:
        folder = Folder(path / "index")
        with folder.building():
            folder.switch(Generation())
            builder.take_in(folder, Generation(), [made(1)], [made(1).id])
        for each in [folder.path, *folder.path.rglob("*")]:
            assert stat.S_IMODE(each.stat().st_mode) == (0o700 if each.is_dir() else 0o600), each


def test_another_format_is_no_index() -> None:
    with in_memory() as path:
        folder = Folder(path)
        assert folder.current() is None
        folder.switch(Generation(number=4))
        assert folder.current() == Generation(number=4)
        for broken in ('{"format": 99}', "{", '{"format": 1, "number": 4}'):
            (path / "current.json").write_text(broken)
            assert folder.current() is None
        writing.write(path / "part", [made(1)], SHELVES)
        (path / "part" / "columns.json").write_text('{"format": 99}')
        with pytest.raises(ValueError, match="another version"):
            columns.load(path / "part")


def test_where_there_is_no_room_the_builder_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with in_memory() as path, pytest.raises(OSError, match="No space left"):
        writing.write(path / "part", [made(1)], SHELVES)
