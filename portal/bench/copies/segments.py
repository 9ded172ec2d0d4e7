"""imagehash's crop-resistant hash on a small sample: it takes a second per picture."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from PIL import Image

from portal.bench.copies.peers import crop_resistant
from portal.bench.copies.rows import ROWS
from portal.bench.copies.trial import altered

PICTURES = 4
UNRELATED = 20

Sample = tuple[dict[str, bool], int]


def of_one(path: Path, *, others: Sequence[Path]) -> Sample:
    """Which rows it finds of one picture, and how many of 20 unrelated pictures it takes for copies."""
    asked = [_opened(altered(path, row, alter, others)) for row, alter in ROWS.items()]
    foreign = [
        _opened(other.read_bytes()) for other in others[:: max(1, len(others) // UNRELATED)][:UNRELATED]
    ]
    found = crop_resistant(_opened(path.read_bytes()), [*asked, *foreign])
    return dict(zip(ROWS, found, strict=False)), sum(found[len(asked) :])


def figures(samples: Iterable[Sample]) -> dict[str, float | int | str]:
    rows, false = zip(*samples, strict=True)
    shares = {row: sum(found[row] for found in rows) / len(rows) for row in ROWS}
    return {
        "crop_resistant_pictures": len(rows),
        "mean_crop_resistant": round(sum(shares.values()) / len(shares), 4),
        "crop_resistant_rows": " ".join(f"{row} {share:.2f}" for row, share in shares.items()),
        "crop_resistant_false_per_pair": round(sum(false) / (UNRELATED * len(rows)), 4),
    }


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB")
