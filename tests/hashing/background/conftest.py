"""A font that is there wherever Pillow is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import ImageFont


@pytest.fixture
def font(tmp_path: Path) -> Path:
    file = tmp_path / "Plain.ttf"
    file.write_bytes(ImageFont.load_default(12).font_bytes)  # type: ignore[union-attr]  # it is a real font
    return file
