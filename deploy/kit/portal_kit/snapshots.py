"""A first copy of a list from a snapshot: fetched resumably, checked against its signed manifest, read in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import urllib3
import zstandard

from portal_kit import signatures
from portal_kit.errors import KitError, NotVerified
from portal_kit.portal import Portal
from portal_kit.store import LocalList

STATEMENT = "list-snapshot+jwt"
BATCH = 2000
_PIECE = 1 << 20
_PARTIAL = 206


def first_copy(local: LocalList, portal: Portal, slug: str, report: Callable[[int, int], object]) -> int:
    """Read the newest snapshot into an empty list; how many entries. None there: 0, and nothing is changed.

    Raises NotVerified when the file isn't what the agency signed.
    """
    about = _newest(local, portal, slug)
    if about is None:
        return 0
    file = local.path.with_name(f"{local.path.name}.snapshot-{about['position']}")
    _fetch(portal, slug, about, file)
    try:
        _check_digest(file, about)
        _read_in(local, file, about, report)
    finally:
        file.unlink()
    return int(about["entries"])


def _newest(local: LocalList, portal: Portal, slug: str) -> dict[str, Any] | None:
    """What the agency signed of it."""
    found = portal.get(f"/api/v1/lists/{quote(slug)}/snapshots")["snapshots"]
    if not found:
        return None
    about = signatures.verified(found[0]["manifest"], STATEMENT, signatures.trusted(local, portal))
    if (about["list"], about["position"]) != (slug, found[0]["position"]):
        raise NotVerified("The snapshot's manifest is another one's. Sync again.", "manifest")
    return about


def _fetch(portal: Portal, slug: str, about: dict[str, Any], file: Path) -> None:
    """What of the file isn't here yet; a sync that was killed left some of it."""
    file.touch(mode=0o600)
    have = file.stat().st_size
    if have >= about["size"]:
        return
    headers = {"Range": f"bytes={have}-", "If-Range": f'"{about["sha256"]}"'} if have else {}
    answer = portal.stream(f"/api/v1/lists/{quote(slug)}/snapshots/{about['position']}", headers)
    with answer, file.open("ab" if answer.status_code == _PARTIAL else "wb") as out:
        try:
            while piece := answer.raw.read(_PIECE, decode_content=False):
                out.write(piece)
        except urllib3.exceptions.HTTPError as error:
            raise KitError(
                "The snapshot broke off. Sync again: it goes on from there.", "unreachable"
            ) from error


def _check_digest(file: Path, about: dict[str, Any]) -> None:
    with file.open("rb") as data:
        found = hashlib.file_digest(data, "sha256").hexdigest()
    if found != about["sha256"]:
        raise NotVerified("The snapshot isn't what the agency signed. Sync again.", "digest")


def _read_in(
    local: LocalList, file: Path, about: dict[str, Any], report: Callable[[int, int], object]
) -> None:
    """The cursor is stored with the last entries: until then the list counts as not begun."""
    done = 0
    with file.open("rb") as packed, zstandard.ZstdDecompressor().stream_reader(packed) as plain:
        lines = (json.loads(line) for line in TextIOWrapper(plain, encoding="utf-8"))
        for batch in _batches(lines):
            end = batch.pop() if "entry" not in batch[-1] else None
            done += len(batch)
            if end is None:
                local.apply(batch, after="")
            elif (done, end["next_cursor"]) == (about["entries"], about["next_cursor"]):
                local.apply(batch, after="", cursor=about["next_cursor"], position=str(about["position"]))
            else:
                raise NotVerified("The snapshot doesn't hold what its manifest says.", "manifest")
            report(done, about["entries"])
    if not local.about("cursor"):
        raise NotVerified("The snapshot ends too early. Sync again.", "manifest")


def _batches(lines: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    waiting = iter(lines)
    while batch := list(islice(waiting, BATCH)):
        yield batch
