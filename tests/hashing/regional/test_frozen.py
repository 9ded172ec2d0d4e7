"""Version 1 is frozen: these figures may change only together with the version."""

from __future__ import annotations

import hashlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import cv2
import numpy as np
import pytest

from hashing.fingerprints.regional import codes, enrol, geometry, query, regions, serial, table
from tests.hashing.samples import LISTED, kept, sample

TABLE = "d7b6fc0bbc81ccbc819ce06c27520e9411c4d3c051b2265c03637e3c4bed8134"
CODES = "cd668ed21e3410f1549988cbf2d57c83ed2aecca645edb3115239aa74b1c7e0d"
PLACES = "de286c5f147bb0602ad37f3fbe26db70f9cfc770058d759722d11f51b692eda2"


def drawn_descriptors() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """(500, 128) as SIFT gives them: whole numbers from 0 to 255, many of them 0."""
    rng = np.random.default_rng(1)
    return np.maximum(rng.integers(-120, 256, (500, 128)), 0).astype(np.float32)


def test_the_table_is_the_one_that_version_1_was_made_with() -> None:
    assert table.VERSION == 1
    assert hashlib.sha256((table.DATA / "regional-v1.bin").read_bytes()).hexdigest() == TABLE


@pytest.mark.parametrize(
    "order", [None, codes.MIRRORED, codes.INVERTED], ids=["as it is", "mirror", "negative"]
)
def test_a_descriptor_has_the_same_code_on_every_machine(
    order: np.ndarray[tuple[int], np.dtype[np.int64]] | None,
) -> None:
    root = regions.root(drawn_descriptors())
    made = codes.encode(root if order is None else root[:, order], table.current())
    if order is None:
        assert hashlib.sha256(made.tobytes()).hexdigest() == CODES
    slow = root.astype(np.int64) if order is None else root.astype(np.int64)[:, order]
    sums = slow @ table.current().projection.astype(np.int64)
    expected = np.packbits(sums > table.current().threshold.astype(np.int64), axis=1, bitorder="little")
    assert (made == expected).all()


def test_places_are_packed_the_same_on_every_machine() -> None:
    rng = np.random.default_rng(2)
    x, y, size, angle = (
        rng.uniform(low, high, 500) for low, high in ((0, 512), (0, 512), (3.2, 90), (-7, 7))
    )
    common = rng.integers(0, 6, 500) * geometry.COMMON_STEP
    columns = (column.astype(np.float32) for column in (x, y, np.log(size), angle, common))
    packed = geometry.pack(geometry.Places(*columns))
    assert hashlib.sha256(packed.astype("<u4").tobytes()).hexdigest() == PLACES


def test_what_a_fingerprint_weighs_is_frozen_too() -> None:
    assert (serial.MOST_REGIONS, codes.CODE_BYTES, serial.PLACE_BYTES) == (120, 32, 4)
    assert (enrol.SIDE, query.SIDE) == (512, 560)


def fingerprint(name: str) -> bytes:
    return serial.dump(enrol.enrol(sample(name)))


@pytest.mark.parametrize("processes", [1, 2])
def test_any_number_of_processes_gives_the_same_bytes(processes: int) -> None:
    # Before the fork: a forked process would wait for threads that it doesn't have.
    cv2.setNumThreads(1)
    names = [*LISTED[:3], LISTED[0]]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("fork")) as pool:
        found = list(pool.map(fingerprint, names))
    assert found == [serial.dump(kept(name).regional) for name in names]
