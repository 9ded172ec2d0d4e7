"""How a page of the feed is written: as JSON, or as NDJSON with a line per publication and an end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer

from hashing.api.feed import Page

NDJSON = "application/x-ndjson"


class PageAsJSON(JSONRenderer):
    """The lines are JSON already."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if not isinstance(data, Page):
            return bytes(super().render(data, accepted_media_type, renderer_context))
        return f'{{"publications":[{",".join(data.lines)}],{_end(data)[1:]}'.encode()


class PageAsLines(BaseRenderer):
    """The last line is {"next_cursor": …, "has_more": …}: without it, what arrived was cut off."""

    media_type = NDJSON
    format = "ndjson"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,  # noqa: ARG002 (DRF's signature)
        renderer_context: Mapping[str, Any] | None = None,  # noqa: ARG002 (as above)
    ) -> bytes:
        if not isinstance(data, Page):
            return json.dumps(data).encode()
        return "".join(f"{line}\n" for line in (*data.lines, _end(data))).encode()


class Zstd(BaseRenderer):
    """A file's bytes go out as they are; what is rendered here is a refusal."""

    media_type = "application/zstd"
    format = "zst"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,  # noqa: ARG002 (DRF's signature)
        renderer_context: Mapping[str, Any] | None = None,  # noqa: ARG002 (as above)
    ) -> bytes:
        return json.dumps(data).encode()


def _end(page: Page) -> str:
    end = {"next_cursor": page.next_cursor, "has_more": page.has_more}
    return json.dumps(end, separators=(",", ":"))
