"""However publishing, withdrawing and pulling interleave, who follows the cursor ends with what is active."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.models import Entry
from hashing.lists.states import Wire
from portal.core.context import Context
from tests.factories import ctx_of
from tests.hashing.listing import Desk, make_key, reviewed
from tests.hashing.wire import bearer, pull

pytestmark = pytest.mark.django_db
STEPS = ("approve", "approve", "withdraw", "quarantine", "publish", "publish", "pull", "pull", "snapshot")


class Copy:
    """A partner's copy of the list: entries with their hashes, and the cursor."""

    def __init__(self, key: IssuedKey) -> None:
        self.key, self.cursor, self.held = key, "", dict[str, Any]()

    def pull(self, limit: int) -> bool:
        page = pull(self.key, limit=limit, **({"cursor": self.cursor} if self.cursor else {}))
        for line in page["publications"]:
            if line["state"] == "active":
                self.held[line["entry"]] = line["hashes"]
            else:
                self.held.pop(line["entry"], None)
        self.cursor = page["next_cursor"]
        return bool(page["has_more"])

    def start_from_snapshot(self) -> None:
        address = "/api/v1/lists/reviewed/snapshots"
        newest = Client().get(address, headers=bearer(self.key)).json()["snapshots"][0]
        file = Client().get(f"{address}/{newest['position']}", headers=bearer(self.key))
        data = b"".join(file.streaming_content)  # type: ignore[attr-defined]  # the client's stubs know no files
        *lines, end = zstandard.ZstdDecompressor().decompressobj().decompress(data).splitlines()
        self.held = {line["entry"]: line["hashes"] for line in map(json.loads, lines)}
        self.cursor = json.loads(end)["next_cursor"]


class World:
    """A list, its desk, a copy that pulls now and then, and one that may begin from a snapshot."""

    def __init__(self) -> None:
        self.desk, self.key = Desk.make(), make_key(Wire.NATIVE)
        self.copy, self.late = Copy(self.key), Copy(self.key)

    def step(self, name: str, number: int) -> None:
        listed = list(Entry.objects.filter(state="listed").order_by("listed_at", "pk"))
        chosen = listed[number % len(listed)] if listed else None
        doing: dict[str, Callable[[], object]] = {
            "approve": self.desk.approved,
            "withdraw": lambda: chosen and self.desk.withdraw(chosen),
            "quarantine": lambda: self._quarantine(chosen),
            "publish": services.publish_pending,
            "pull": lambda: self.copy.pull(1 + number % 3),
            "snapshot": self._snapshot,
        }
        doing[name]()

    def _quarantine(self, entry: Entry | None) -> None:
        if entry is None:
            return
        services.quarantine(ctx_of(self.desk.caseworker), entry_id=entry.pk, reason="disputed")

    def _snapshot(self) -> None:
        if services.build_snapshot(Context.system("tests"), hash_list=reviewed()) is not None:
            self.late.start_from_snapshot()

    def end(self) -> None:
        services.publish_pending()
        for each in (self.copy, self.late):
            while each.pull(2):
                pass


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 100)), max_size=16))
@settings(max_examples=8, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
def interleaved(steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        world = World()
        for name, number in steps:
            world.step(name, number)
        world.end()
        active = Entry.objects.filter(state="listed").prefetch_related("fingerprints")
        expected = {str(each.pk): {row.value for row in each.fingerprints.all()} for each in active}
        for copy in (world.copy, world.late):
            assert {
                entry: {one["value"] for one in hashes} for entry, hashes in copy.held.items()
            } == expected
        transaction.set_rollback(True)


def test_every_copy_ends_with_exactly_the_active_entries(settings: Settings, tmp_path: Path) -> None:
    settings.SNAPSHOT_DIR = tmp_path
    interleaved()
