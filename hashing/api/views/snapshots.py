"""Whole lists as files: which there are, and their bytes, resumable."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.http import FileResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from hashing.api import encoding, forms, ranges, snapshots
from hashing.api.rendering import Zstd
from hashing.api.scopes import calling
from hashing.api.views.base import PartnerView, context, problems
from hashing.lists.models import Snapshot
from hashing.lists.services import pulling
from hashing.lists.states import Scope
from portal.core.errors import DomainError

# Django reads files 4 KiB at a time, which costs more than the reading.
_BLOCK = 64 * 1024
_POSITION = OpenApiParameter(
    "position", OpenApiTypes.INT64, OpenApiParameter.PATH, description="The list's position it was built at."
)
_RANGE = OpenApiParameter(
    "Range", OpenApiTypes.STR, OpenApiParameter.HEADER, description="One range of bytes, to resume."
)


class OutOfRange(DomainError):
    """The client holds all of the file already, or of another one."""

    status = 416


class Snapshots(PartnerView):
    scope = Scope.PULL

    @extend_schema(
        operation_id="snapshots",
        tags=["snapshots"],
        parameters=[forms.SLUG],
        responses={200: forms.Snapshots, **problems(404)},
        summary="A list's snapshots",
        description="For a first copy of a long list: fetch the newest, check it against its manifest, then "
        "pull from its `next_cursor`. Regional codes aren't in snapshots.",
    )
    def get(self, request: Request, slug: str) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        hash_list = pulling.entitled_list(calling(request).partner, slug)
        return Response({"snapshots": [_described(each) for each in snapshots.kept(hash_list)]})


class SnapshotFile(PartnerView):
    scope = Scope.PULL
    renderer_classes = (Zstd, JSONRenderer)

    @extend_schema(
        operation_id="snapshot",
        tags=["snapshots"],
        parameters=[forms.SLUG, _POSITION, _RANGE],
        responses={
            (200, "application/zstd"): OpenApiResponse(OpenApiTypes.BINARY, "The whole file."),
            (206, "application/zstd"): OpenApiResponse(OpenApiTypes.BINARY, "The part that was asked for."),
            304: OpenApiResponse(description="You hold it already."),
            **problems(404, 410, 416),
        },
        summary="A snapshot's file",
        description="NDJSON of active lines, ended like a page, compressed with zstd. `ETag`, `Range` and "
        "`If-Range` let you resume; `Repr-Digest` is of the whole file.",
    )
    def get(self, request: Request, slug: str, position: int) -> HttpResponseBase:
        forms.checked(forms.NoQuery, request.query_params)
        partner = calling(request).partner
        found = snapshots.find(partner, slug, position)
        tag = f'"{bytes(found.sha256).hex()}"'
        if tag in request.headers.get("If-None-Match", ""):
            return HttpResponseNotModified(headers={"ETag": tag})
        part = _part(request, found, tag)
        file = snapshots.hand_out(context(request), partner, found)
        return _answer(found, file, part, tag)


def _described(found: Snapshot) -> dict[str, object]:
    return {
        "position": found.position,
        "entries": found.entries,
        "size": found.size,
        "sha256": bytes(found.sha256).hex(),
        "built_at": found.built_at,
        "next_cursor": snapshots.cursor(found),
        "manifest": found.manifest,
    }


def _part(request: Request, found: Snapshot, tag: str) -> ranges.Part | None:
    """What is asked for; the whole if the client holds a part of something else."""
    if request.headers.get("If-Range", tag) != tag:
        return None
    try:
        return ranges.wanted(request.headers.get("Range", ""), found.size)
    except ranges.Beyond as error:
        raise OutOfRange(f"The file has {found.size} bytes.", code="out_of_range") from error


def _answer(found: Snapshot, file: BinaryIO, part: ranges.Part | None, tag: str) -> FileResponse:
    body = cast(BinaryIO, ranges.Reader(file, part)) if part else file
    answer = FileResponse(body, content_type=Zstd.media_type)
    answer.block_size = _BLOCK
    digest = encoding.digest(bytes(found.sha256))
    answer["ETag"], answer["Accept-Ranges"], answer["Repr-Digest"] = tag, "bytes", digest
    if part is None:
        answer["Content-Digest"] = digest
    else:
        answer.status_code = 206
        answer["Content-Length"] = str(part.length)
        answer["Content-Range"] = f"bytes {part.first}-{part.last}/{found.size}"
    return answer
