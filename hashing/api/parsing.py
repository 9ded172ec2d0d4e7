"""Bodies that are read: JSON of a bounded size, and only what JSON can mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from portal.core.errors import DomainError

# A thousand fingerprints of any kind, or the regional codes of about forty uploads.
MOST = 4_000_000


class TooLarge(DomainError):
    """The body is longer than any request needs."""

    status = 413


class BoundedJSON(BaseParser):
    """Raises TooLarge, or ParseError for what isn't a JSON object in UTF-8."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,  # noqa: ARG002 (DRF's signature)
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002 (as above)
    ) -> dict[str, Any]:
        data = stream.read(MOST + 1)
        if len(data) > MOST:
            raise TooLarge(f"Send at most {MOST} bytes at a time.", code="too_large")
        try:
            found = json.loads(data.decode(), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ParseError("The body must be JSON in UTF-8.") from error
        if not isinstance(found, dict):
            raise ParseError("The body must be a JSON object.")
        return found


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
