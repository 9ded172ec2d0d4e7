"""`sample.json`: the sample agency's logins, for its owner alone."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

FILE = "sample.json"


def read(home: Path) -> dict[str, Any]:
    """What the file holds, or nothing."""
    path = home / FILE
    return dict(json.loads(path.read_text())) if path.exists() else {}


def write(home: Path, held: dict[str, Any]) -> None:
    """The whole file or the old one, in mode 0600."""
    with tempfile.NamedTemporaryFile("w", dir=home, delete=False) as file:
        json.dump(held, file, indent=2)
    Path(file.name).replace(home / FILE)
