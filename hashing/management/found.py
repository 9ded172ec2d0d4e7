"""Rows and files that a command names."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypeVar

from django.core.management.base import CommandError
from django.db.models import Model, QuerySet

from hashing.lists.models import List, Partner

M = TypeVar("M", bound=Model)


def the_list(slug: str) -> List:
    return _one(List.objects.filter(slug=slug), "list", slug)


def the_partner(name: str) -> Partner:
    return _one(Partner.objects.filter(name=name), "partner", name)


def content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from error


def digest(path: Path) -> str:
    """SHA-256 (hex) of a file."""
    return hashlib.sha256(content(path)).hexdigest()


def _one(rows: QuerySet[M], kind: str, name: str) -> M:
    row = rows.first()
    if row is None:
        raise CommandError(f"There is no {kind} {name!r}.")
    return row
