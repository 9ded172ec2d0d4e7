"""Where configuration comes from: an environment variable, or the file that NAME_FILE points at."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def read(name: str) -> str | None:
    """The value of NAME, or the stripped text of the file named by NAME_FILE, or None.

    Raises ImproperlyConfigured when NAME_FILE is set and can't be read.
    """
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return os.environ.get(name)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE: {path} can't be read ({error.strerror}).") from error


def require(name: str) -> str:
    """Like read, but a missing or empty value stops the start with a sentence."""
    value = read(name)
    if not value:
        raise ImproperlyConfigured(f"Set {name}, or {name}_FILE with the path of a file that holds it.")
    return value


def flag(name: str, *, default: bool) -> bool:
    value = read(name)
    return default if value is None else value.lower() in {"1", "true", "yes", "on"}
