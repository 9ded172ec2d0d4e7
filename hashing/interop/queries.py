"""Query parameters of the wires, strictly."""

from __future__ import annotations

import re

from django.http import QueryDict

from hashing.api.problems import BadRequest

_NUMBER = re.compile(r"[0-9]{1,15}")


def number(query: QueryDict, name: str, default: int | None = None) -> int:
    """A whole number. Raises BadRequest for anything else, or when it is needed and not there."""
    text = query.get(name)
    if text is None and default is not None:
        return default
    if text is None or not _NUMBER.fullmatch(text):
        raise BadRequest(f"{name} must be a whole number.", code="bad_parameter")
    return int(text)
