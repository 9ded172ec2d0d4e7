"""Writes a part: from new items, and from what is left of older parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from uuid import UUID

import numpy as np

from hashing.fingerprints.regional.arrays import Mask
from hashing.fingerprints.regional.serial import MOST_REGIONS, Enrolled
from hashing.matching import index, parts, pdq_index
from hashing.matching.columns import Array, Columns
from hashing.matching.items import Item
from hashing.matching.parts import NOBODY, Part, Rows

# So many items, or rows, are in memory at once.
BATCH = 1024
CHUNK = 1 << 18
_NOBODY = Item(UUID(int=0))
_NO_REGIONS = Enrolled(0, 0, 0, np.zeros((0, 32), np.uint8), np.zeros(0, np.uint32))


def write(
    folder: Path,
    items: Iterable[Item],
    shelves: Mapping[str, int],
    *,
    older: Sequence[Part] = (),
    left_out: Sequence[UUID] = (),
) -> None:
    """Write a part of what is alive in older ones but for some ids, then of new items.

    shelves: the number of each shelf's name. Raises OSError where there is no room.
    """
    out = Columns(folder)
    try:
        _rows(out, [_NOBODY], {"": NOBODY})
        for part in older:
            _copy(out, part, left_out)
        waiting = iter(items)
        while batch := list(islice(waiting, BATCH)):
            _rows(out, batch, shelves)
        _sort_exact(out)
        _file(out)
        out.finish({"items": out.rows("ids") - 1})
    except BaseException:
        out.abandon()
        raise


def _rows(out: Columns, items: Sequence[Item], shelves: Mapping[str, int]) -> None:
    first = out.rows("ids")
    owner = np.arange(first, first + len(items), dtype=np.uint32)
    ids = b"".join(item.id.bytes for item in items)
    out.append("ids", np.frombuffer(ids, np.uint64).reshape(-1, 2))
    out.append("shelf", np.array([shelves[item.shelf] for item in items], np.uint16))
    out.append("exact.raw", np.concatenate([item.exact for item in items]))
    out.append("exact.owner.raw", np.repeat(owner, [len(item.exact) for item in items]))
    hashes = [item.pdq for item in items]
    if first == 0:
        hashes = [np.zeros((1, 4), np.uint64)]
    out.append("pdq.words", np.concatenate(hashes))
    out.append("pdq.owner", np.repeat(owner, [len(own) for own in hashes]))
    enrolled = [(at, own) for at, item in enumerate(items, start=first) for own in item.regional]
    for version in sorted({own.version for _at, own in enrolled}):
        _regional(out, version, [(at, own) for at, own in enrolled if own.version == version])


def _regional(out: Columns, version: int, own: Sequence[tuple[int, Enrolled]]) -> None:
    """The version's pictures; the first of all is nobody's."""
    if not out.rows(f"regional.{version}.owner"):
        own = [(NOBODY, _NO_REGIONS), *own]
    codes = np.zeros((len(own), MOST_REGIONS, 4), np.uint64)
    places = np.zeros((len(own), MOST_REGIONS), np.uint32)
    for at, (_owner, enrolled) in enumerate(own):
        codes[at, : len(enrolled)] = index.words(enrolled.codes)
        places[at, : len(enrolled)] = enrolled.places
    columns: dict[str, Array] = {
        "codes": codes.reshape(-1, 4),
        "places": places.reshape(-1),
        "counts": np.array([len(enrolled) for _owner, enrolled in own], np.uint8),
        "frames": np.array([(enrolled.width, enrolled.height) for _owner, enrolled in own], np.uint16),
        "owner": np.array([owner for owner, _enrolled in own], np.uint32),
    }
    for name, rows in columns.items():
        out.append(f"regional.{version}.{name}", rows)


def _copy(out: Columns, part: Part, left_out: Sequence[UUID]) -> None:
    """What is alive in an older part, in its order."""
    stays = part.shelf != NOBODY
    stays[part.rows_of(left_out)] = False
    moved = np.zeros(len(stays), np.uint32)
    moved[stays] = out.rows("ids") + np.arange(np.count_nonzero(stays), dtype=np.uint32)
    _chosen(out, "ids", part.ids, stays)
    _chosen(out, "shelf", part.shelf, stays)
    _chosen(out, "exact.raw", part.exact, _owned(out, "exact.owner.raw", part.exact_owner, moved))
    _chosen(out, "pdq.words", part.pdq.words, _owned(out, "pdq.owner", part.pdq_owner, moved))
    for version, found in part.regional.items():
        _copy_version(out, version, found, moved)


def _copy_version(out: Columns, version: int, found: parts.Regional, moved: Rows) -> None:
    if not out.rows(f"regional.{version}.owner"):
        _regional(out, version, [])
    name = f"regional.{version}."
    used = _owned(out, name + "owner", found.owner, moved)
    _chosen(out, name + "counts", found.segment.counts, used)
    _chosen(out, name + "frames", found.frames, used)
    _chosen(out, name + "codes", found.segment.codes, used, MOST_REGIONS)
    _chosen(out, name + "places", found.segment.places, used, MOST_REGIONS)


def _chosen(out: Columns, name: str, rows: Array, used: Mask, each: int = 1) -> None:
    """Append the rows that are used; `each` rows go with one mark."""
    step = CHUNK // each
    for at in range(0, len(used), step):
        some = rows[at * each : (at + step) * each].reshape(-1, each, *rows.shape[1:])
        out.append(name, some[used[at : at + step]].reshape(-1, *rows.shape[1:]))


def _owned(out: Columns, name: str, owner: Rows, moved: Rows) -> Mask:
    """Append the new rows of owners that stay; which rows those are."""
    used = np.zeros(len(owner), np.bool_)
    for at in range(0, len(owner), CHUNK):
        new = moved[owner[at : at + CHUNK]]
        used[at : at + CHUNK] = new != NOBODY
        out.append(name, new[new != NOBODY])
    return used


def _sort_exact(out: Columns) -> None:
    """By the first word, for bisection."""
    raw, owner = out.written("exact.raw"), out.written("exact.owner.raw")
    order = np.argsort(raw[:, 0], kind="stable")
    out.append("exact", raw[order])
    out.append("exact.owner", owner[order])
    out.drop("exact.raw")
    out.drop("exact.owner.raw")


def _file(out: Columns) -> None:
    """The tables, over columns that are complete."""
    words = out.written("pdq.words")
    start, bits, allowance = pdq_index.stretches(len(words))
    for name, cuts in (("start", start), ("bits", bits), ("allowance", allowance)):
        out.append(f"pdq.{name}", cuts)
    offsets = out.reserve("pdq.offsets", np.uint32, (len(start), (1 << int(bits.max())) + 1))
    rows = out.reserve("pdq.rows", np.uint32, (len(start), len(words)))
    pdq_index.fill(pdq_index.PdqIndex(words, start, bits, allowance, offsets, rows))
    for version in [name.split(".")[1] for name in out.names() if name.endswith(".codes")]:
        counts = out.written(f"regional.{version}.counts")
        wide, long = index.table_shapes(counts)
        index.fill(
            out.written(f"regional.{version}.codes"),
            counts,
            out.reserve(f"regional.{version}.offsets", np.uint32, wide),
            out.reserve(f"regional.{version}.slots", np.uint32, long),
        )
