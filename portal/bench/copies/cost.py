"""What a query costs beside decoding and feature detection alone, and what a fingerprint weighs."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import process_time

import cv2
import numpy as np
from PIL import Image

from hashing.fingerprints.regional import query, serial
from hashing.matching.matcher import Matcher, prepare

PICTURES = 20
TURNS = 3


def of(matcher: Matcher, files: Sequence[Path]) -> dict[str, float | int | str]:
    """Medians over pictures; processor time on one core, in turns."""
    pairs = [_of_one(matcher, path.read_bytes()) for path in files[:PICTURES]]
    return {
        "query_to_decode_and_sift": round(median(ours / alone for ours, alone in pairs), 2),
        "query_ms": round(1000 * median(ours for ours, _ in pairs), 1),
        "decode_and_sift_ms": round(1000 * median(alone for _, alone in pairs), 1),
        "regional_bytes": max(len(serial.dump(own.regional)) for own in matcher.kept),
    }


def _of_one(matcher: Matcher, data: bytes) -> tuple[float, float]:
    turns = [(_seconds(lambda: _whole(matcher, data)), _seconds(lambda: _alone(data))) for _ in range(TURNS)]
    return median(turn[0] for turn in turns), median(turn[1] for turn in turns)


def _whole(matcher: Matcher, data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as opened:
        matcher.match(prepare(data + b" ", opened.convert("RGB")))


def _alone(data: bytes) -> None:
    """Decode, and SIFT with the same settings at 560 pixels, in OpenCV's one call."""
    with Image.open(io.BytesIO(data)) as opened:
        pixels = np.asarray(opened.convert("L"))
    factor = query.SIDE / max(pixels.shape)
    size = (round(pixels.shape[1] * factor), round(pixels.shape[0] * factor))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    sift = cv2.SIFT_create(0, 3, 0.02, 12, 1.6)  # type: ignore[attr-defined]  # its stubs forget it
    sift.detectAndCompute(small, None)


def _seconds(work: Callable[[], object]) -> float:
    before = process_time()
    work()
    return process_time() - before
