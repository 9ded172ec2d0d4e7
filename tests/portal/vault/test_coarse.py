"""What the log says of a picture's size fits many other pictures."""

from __future__ import annotations

import pytest

from portal.vault.coarse import mebibytes, megapixels


@pytest.mark.parametrize(
    ("size", "told"), [(1, 1), (1 << 20, 1), ((1 << 20) + 1, 2), (3_482_917, 4), (50 << 20, 50)]
)
def test_a_file_is_told_in_whole_mebibytes(size: int, told: int) -> None:
    assert mebibytes(size) == told


@pytest.mark.parametrize(
    ("width", "height", "told"),
    [(1, 1, 1), (1000, 1000, 1), (1001, 1000, 2), (4032, 3024, 13), (3991, 3002, 12)],
)
def test_a_picture_is_told_in_whole_megapixels(width: int, height: int, told: int) -> None:
    assert megapixels(width, height) == told
