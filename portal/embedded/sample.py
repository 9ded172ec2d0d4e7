"""The sample agency: made only in the embedded database, with fresh random secrets."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FILE = "sample.json"


def make(home: Path, base_url: str) -> dict[str, Any]:
    """Make what isn't there yet, and write `sample.json`; returns what it holds."""
    if not settings.EMBEDDED:
        raise ImproperlyConfigured("The sample agency is made in the embedded database only.")
    known = _read(home)
    held = {
        "base_url": base_url,
        "staff": known.get("staff", []),
        "partners": known.get("partners", []),
        "outbox": str(settings.OUTBOX_DIR),
    }
    _write(home, held)
    return held


def _read(home: Path) -> dict[str, Any]:
    path = home / FILE
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _write(home: Path, held: dict[str, Any]) -> None:
    """The whole file or the old one; readable by its owner alone."""
    with tempfile.NamedTemporaryFile("w", dir=home, delete=False) as file:
        json.dump(held, file, indent=2)
    Path(file.name).replace(home / FILE)
