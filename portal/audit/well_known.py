"""What everybody may have: the published checkpoint, the key that checks it, and the tree's hashes up to it.

The prefix of https://c2sp.org/tlog-tiles. The entries themselves are the auditors'; their hashes say
nothing, since each entry holds a random nonce.
"""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal.audit import exporting, keys, proofs, publishing, tiles
from portal.audit.models import Published
from portal.core.context import Context
from portal.core.errors import DomainError, Invalid

_TEXT = "text/plain; charset=utf-8"
_TILE = re.compile(r"((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)
_LONGEST_NOTE = 16_384


@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    found = exporting.with_cosignatures(_published().checkpoint)
    return HttpResponse(found, content_type=_TEXT)


@require_safe
def key(_request: HttpRequest) -> HttpResponse:
    lines = "".join(f"{one.text}\n" for one in keys.trusted())
    return HttpResponse(lines, content_type=_TEXT)


@require_safe
def tile(_request: HttpRequest, level: int, place: str) -> HttpResponse:
    """A tile of the published tree. (Never stored by a cache: nothing here is, built assets aside.)"""
    match = _TILE.fullmatch(place)
    if match is None:
        raise Http404
    index = int(match[1].replace("/", "").replace("x", ""))
    width = int(match[2]) if match[2] else tiles.WIDTH
    size = _published().pk
    if level > tiles.HIGHEST or width not in range(1, tiles.WIDTH + 1) or place != _place(index, width):
        raise Http404
    hashes = tiles.hashes(level, index, size)[:width]
    if len(hashes) < width:
        raise Http404
    return HttpResponse(b"".join(hashes), content_type="application/octet-stream")


@require_safe
def growth(_request: HttpRequest, old: int) -> HttpResponse:
    """The consistency proof from the published checkpoint of `old` entries to the newest, a hash a line."""
    if not Published.objects.filter(pk=old).exists():
        raise Http404
    path_ = proofs.Tree(_published().pk).consistency(old)
    return HttpResponse("".join(f"{line}\n" for line in proofs.lines(path_)), content_type=_TEXT)


@csrf_exempt
@require_POST
def cosign(request: HttpRequest) -> HttpResponse:
    """A witness brings its signature: the published note with its own line below. Its key is its pass."""
    try:
        note = request.read(_LONGEST_NOTE).decode()
        publishing.cosign(Context.system("witness"), note=note)
    except UnicodeDecodeError:
        return HttpResponse("This is no note.\n", status=Invalid.status, content_type=_TEXT)
    except DomainError as error:
        return HttpResponse(f"{error.message}\n", status=error.status, content_type=_TEXT)
    return HttpResponse(status=204)


def _published() -> Published:
    found = publishing.newest()
    if found is None:
        raise Http404
    return found


def _place(index: int, width: int) -> str:
    return tiles.path(0, index, width).removeprefix("tile/0/")


app_name = "audit"
urlpatterns = [
    path("checkpoint", checkpoint, name="checkpoint"),
    path("key", key, name="key"),
    path("tile/<int:level>/<path:place>", tile, name="tile"),
    path("growth/<int:old>", growth, name="growth"),
    path("cosignatures", cosign, name="cosign"),
]
