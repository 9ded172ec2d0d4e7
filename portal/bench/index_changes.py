"""How long the builder takes to bring a change into a long index, in a transaction that is rolled back."""

from __future__ import annotations

import secrets
import uuid
from pathlib import Path
from time import perf_counter

from django.conf import settings
from django.test import override_settings

from hashing import changes
from hashing.fingerprints.asked import of_hashes
from hashing.fingerprints.models import Fingerprint, Kind
from hashing.matching import builder, service, source
from hashing.matching.generations import Folder, Generation
from hashing.matching.service import Scope
from portal.bench import database, filling, index_items
from portal.core import clock
from portal.core.context import Context
from portal.vault.models import Picture, PictureState
from portal.vault.services import shred

HELD = Scope(lists=frozenset(), held=True)


def delays(path: Path) -> dict[str, float]:
    """The part in the folder becomes the index; then a picture comes and goes.

    `…_matchable_s`, `…_blanked_s`: from the commit until the builder has it in, or out of every file, at
    worst: its own work and the time until beat sends it again. `hidden_ms`: a look-up right after it.
    """
    beat = settings.CELERY_BEAT_SCHEDULE["hashing.index"]["schedule"].run_every.total_seconds()
    with database.ready(), filling.undone(), override_settings(INDEX_DIR=path):
        folder = Folder(path)
        marker, now = changes.head(), source.database()
        folder.switch(Generation(1, ("part-00000001",), (index_items.SHELF,), 1, database=now, marker=marker))
        with folder.building():
            folder.beat()
        builder.run(folder)
        digest = secrets.token_hex(32)
        picture = _picture(digest)
        came = _seconds(folder)
        _expect(digest, 1)
        shred(Context.system("bench"), picture_id=picture.pk, reason="bench")
        hidden = _expect(digest, 0)
        went = _seconds(folder)
    return {
        "commit_to_matchable_s": round(beat + came, 2),
        "withdraw_to_hidden_ms": round(1000 * hidden, 1),
        "withdraw_to_blanked_s": round(beat + went, 2),
    }


def _picture(digest: str) -> Picture:
    now = clock.now()
    picture = Picture.objects.create(
        state=PictureState.CHECKED,
        size=1,
        media_type="image/jpeg",
        wrapped_key=b"key",
        epoch=now.date(),
        storage_name=f"bench/{uuid.uuid4()}",
        stored_at=now,
        checked_at=now,
    )
    Fingerprint.objects.create(
        picture=picture, kind=Kind.SHA256, algorithm="bytes-v1", value=digest, computed_at=now
    )
    return picture


def _seconds(folder: Folder) -> float:
    started = perf_counter()
    builder.run(folder)
    return perf_counter() - started


def _expect(digest: str, count: int) -> float:
    """Seconds of a look-up that must find so many."""
    asked = of_hashes(sha256=[digest])
    started = perf_counter()
    found = service.find(asked, HELD)
    taken = perf_counter() - started
    if len(found) != count:
        raise RuntimeError(f"found {len(found)} instead of {count}")
    return taken
