"""What long lists cost: building and serving a snapshot, and a delta. In a database that is thrown away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.test import RequestFactory
from django.views.static import serve

from hashing.lists import places, snapshot_files
from hashing.lists.models import List, Snapshot
from hashing.lists.services.snapshots import build_snapshot
from hashing.lists.states import Wire
from portal.bench import filling, loading
from portal.bench.measuring import answer, asked, drained, ratio
from portal.core.context import Context
from portal.embedded import home as homes
from portal.embedded import postgres
from portal.embedded.services import Services

_TURNS, _QUICK_TURNS = 3, 25
_PIECE = 256 * 1024
# The same rows as the snapshot's, as PostgreSQL writes them out by itself.
_PEER = """
COPY (SELECT e.id, e.position, e.published_at, e.listed_at, e.media_type, e.category,
    f.kind, f.variant, f.value, f.quality, f.algorithm
  FROM hashing_entry e JOIN hashing_entryfingerprint f ON f.entry_id = e.id
  WHERE e.list_id = %s AND e.state = 'listed') TO STDOUT
"""


class Sizes(NamedTuple):
    """How many entries the three lists have, and how many lines a delta."""

    few: int
    whole: int
    many: int
    delta: int


def apart(sizes: Sizes) -> dict[str, float]:
    """`measure` in a process, on servers and in a folder of its own, which are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        # By itself: it loads all pages, which the process that builds a snapshot needn't.
        _manage(folder, "migrate", "--verbosity=0")
        printed = _manage(folder, "bench_long_lists", *map(str, sizes))
    found: dict[str, float] = json.loads(printed.splitlines()[-1])
    return found


def _manage(folder: str, *command: str) -> bytes:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    done = subprocess.run(  # noqa: S603 (a command of our own)
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=ours | {"PORTAL_HOME": folder, "DJANGO_SETTINGS_MODULE": "portal.settings"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout


def measure(sizes: Sizes) -> dict[str, float]:
    """Only in a PORTAL_HOME that is thrown away: what it writes stays, and constraints are gone."""
    servers = Services(settings.PORTAL_HOME, durable=False)
    servers.start()
    try:
        lists = [filling.empty_list() for _ in range(3)]
        seconds = _load(lists, sizes)
        few, whole, many = lists
        return {"loading_seconds": seconds, **_snapshot(whole), **_delta(few, many, sizes.delta)}
    finally:
        connection.close()
        servers.stop()


def _load(lists: list[List], sizes: Sizes) -> float:
    started = perf_counter()
    with postgres.connect(settings.PORTAL_HOME, homes.DATABASE) as database, loading.bare(database):
        for made, count in zip(lists, sizes, strict=False):
            loading.fill(database, made, count)
    return round(perf_counter() - started, 1)


def _snapshot(hash_list: List) -> dict[str, float]:
    """Building beside COPY of the same rows into the same compressor, then serving beside a plain file."""

    def build() -> None:
        Snapshot.objects.all().delete()
        build_snapshot(Context.system("bench"), hash_list=hash_list)

    def copy() -> None:
        with snapshot_files.written(_copied(hash_list)):
            pass

    before = resident()
    build_ratio, build_seconds, copy_seconds = ratio(build, copy, _TURNS)
    peak = resident("VmHWM")
    found = Snapshot.objects.get()
    return {
        "snapshot_entries": found.entries,
        "ratio_snapshot": round(build_ratio, 2),
        "snapshot_seconds": round(build_seconds, 1),
        "copy_seconds": round(copy_seconds, 1),
        "snapshot_peak_mb": round(peak),
        "snapshot_growth_mb": round(peak - before),
        "ratio_serving": round(_serving(hash_list, found), 2),
    }


def resident(measure: str = "VmRSS") -> float:
    """Megabytes that this process has in memory now; VmHWM: had at most. (What getrusage gives as the most is
    also that of the process which started this one.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition(f"{measure}:")[2].split()[0]) / 1024


def _copied(hash_list: List) -> Iterator[bytes]:
    """In pieces as large as the snapshot's."""
    with connection.cursor() as cursor, cursor.copy(_PEER, [hash_list.pk]) as rows:
        piece: list[bytes] = []
        size = 0
        for row in rows:
            piece.append(bytes(row))
            size += len(row)
            if size >= _PIECE:
                yield b"".join(piece)
                piece, size = [], 0
        yield b"".join(piece)


def _serving(hash_list: List, found: Snapshot) -> float:
    """The snapshot through the whole portal, key and audit entry and all, to the file by Django alone."""
    key = filling.key_for(Wire.NATIVE, hash_list)
    address = f"/api/v1/lists/{hash_list.slug}/snapshots/{found.position}"
    file = snapshot_files.path(found.pk)

    headers = {"Authorization": f"Bearer {key.bearer}"}

    def ours() -> int:
        return drained(asked(address, {}, headers))

    def plain() -> int:
        return drained(serve(RequestFactory().get("/"), file.name, document_root=str(file.parent)))

    return ratio(ours, plain, _QUICK_TURNS)[0]


def _delta(few: List, many: List, size: int) -> dict[str, float]:
    key = filling.key_for(Wire.NATIVE, few, many)

    def pull(hash_list: List) -> Callable[[], bytes]:
        query = {"cursor": places.encode(hash_list, hash_list.head - size), "limit": size}
        address = f"/api/v1/lists/{hash_list.slug}/publications"
        return partial(answer, address, query, {"Authorization": f"Bearer {key.bearer}"})

    found, long, short = ratio(pull(many), pull(few), _QUICK_TURNS)
    return {
        "delta": size,
        "ratio_delta": round(found, 2),
        "delta_ms_long": round(1000 * long, 1),
        "delta_ms_short": round(1000 * short, 1),
    }
