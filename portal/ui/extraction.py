"""Finds the strings of Django's templates for Babel (babel.cfg), without GNU gettext."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import IO, Any

from babel.messages.extract import extract_python
from django.conf import settings
from django.utils.translation.template import templatize

Message = tuple[int, str, str | tuple[str, ...], list[str]]


def templates(
    source: IO[bytes], keywords: Mapping[str, Any], tags: list[str], options: dict[str, Any]
) -> Iterator[Message]:
    """Line, function, strings and comments of each translatable tag: Django turns the tags into calls of
    gettext and blanks out the rest, and Babel reads those like any Python."""
    if not settings.configured:
        settings.configure()  # templatize asks for the language settings; none of them matters here
    calls = templatize(source.read().decode(), origin=getattr(source, "name", ""))
    level = "\n".join(line.lstrip() for line in calls.splitlines())  # the blanks would be read as indentation
    yield from extract_python(BytesIO(level.encode()), keywords, tags, options)  # type: ignore[misc, arg-type]  # Babel's stub
