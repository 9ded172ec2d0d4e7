"""Writers publish and withdraw while clients pull by every wire; each ends with just the active entries."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TypeVar

import pytest
from django.db import connections
from limits import parse

from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.models import Entry, EntryFingerprint
from hashing.lists.states import State, Wire
from portal_kit import LocalList, Portal
from portal_kit.syncing import sync
from tests.clients.pulling import CLIENTS, Access, pull
from tests.clients.serving import Site
from tests.hashing.listing import Desk, make_key, make_partner, make_picture, pdq_value

T = TypeVar("T")

WRITERS = 4
# Three of each wire; the raw StopNCII client twice, and the kit's exchange.
PULLERS = [("native", Wire.NATIVE)] * 3
PULLERS += [("stopncii", Wire.STOPNCII)] * 2 + [("extension", Wire.STOPNCII)] + [("ncmec", Wire.NCMEC)] * 3
# The NCMEC client asks up to five seconds ago.
LAG = 6.2


@dataclass
class Soak:
    """What the threads share. `shared`: values that several entries hold, which one wire aggregates."""

    site: Site
    desk: Desk
    folder: Path
    keys: list[IssuedKey] = field(default_factory=list)
    written: Event = field(default_factory=Event)
    shared: list[str] = field(default_factory=lambda: [pdq_value() for _ in range(5)])

    def write(self, seed: int) -> None:
        """Lists pictures of one or more variants, and takes about half of them back."""
        chance, own = random.Random(seed), list[Entry]()  # noqa: S311 (a choice, no secret)
        while not self.written.is_set():
            if own and chance.random() < 0.33:
                entry = own.pop(chance.randrange(len(own)))
                if chance.random() < 0.8:
                    self.desk.withdraw(entry)
                else:
                    self.dispute(entry, restored=chance.random() < 0.5)
            else:
                values = {"original": chance.choice(self.shared) if chance.random() < 0.2 else pdq_value()}
                if chance.random() < 0.3:
                    values["rotate90"] = pdq_value()
                own.append(self.desk.approved(make_picture(variants=values)))

    def dispute(self, entry: Entry, *, restored: bool) -> None:
        """Off every feed for now, and perhaps on again."""
        entry.refresh_from_db()
        if entry.state == State.LISTED:
            held = self.desk.quarantined(entry)
            if restored:
                self.desk.judge(held)

    def publish(self) -> None:
        while not self.written.is_set():
            services.publish_pending()
            time.sleep(0.1)

    def pull(self, number: int) -> set[str]:
        """One client's copy: pulled again and again, and a last time when all has been written."""
        client, key = PULLERS[number][0], self.keys[number]
        who, file = Access(self.site.base, key.prefix, key.secret), self.folder / str(number)
        self.written.wait(0.1 * number)
        while not self.written.is_set():
            self.once(client, who, file)
            self.written.wait(0.3)
        time.sleep(LAG)
        return self.once(client, who, file)

    def once(self, client: str, who: Access, file: Path) -> set[str]:
        if client in CLIENTS:
            return pull(client, who, file).values
        with Portal(who.base, f"{who.prefix}.{who.secret}") as portal, LocalList(file) as local:
            sync(local, portal, "reviewed", size=15)
            return {found.value for found in local.fingerprints("pdq")}

    def run(self, seconds: float) -> list[set[str]]:
        """What each client ends with."""
        self.keys = [make_key(wire, make_partner(str(at))) for at, (_, wire) in enumerate(PULLERS)]
        with ThreadPoolExecutor(WRITERS + 1 + len(PULLERS)) as pool:
            writers = [pool.submit(closing, self.write, seed) for seed in range(WRITERS)]
            writers.append(pool.submit(closing, self.publish))
            pullers = [pool.submit(closing, self.pull, number) for number in range(len(PULLERS))]
            time.sleep(seconds)
            self.written.set()
            for writer in writers:
                writer.result()
            while services.publish_pending():
                pass
            return [puller.result() for puller in pullers]


def closing(work: Callable[..., T], *given: int) -> T:
    """A thread's work, with its database connections closed behind it."""
    try:
        return work(*given)
    finally:
        connections.close_all()


@pytest.mark.parametrize(
    "seconds", [pytest.param(8, id="short"), pytest.param(60, id="long", marks=pytest.mark.soak)]
)
def test_every_client_ends_with_exactly_the_active_entries(
    site: Site, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    monkeypatch.setattr("hashing.interop.stopncii.MAX_PAGE", 20)
    monkeypatch.setattr("hashing.interop.ncmec.PAGE", 40)
    monkeypatch.setattr("hashing.api.callers.PULLS", parse("1000000/minute"))
    found = Soak(site, desk, tmp_path).run(seconds)
    active = EntryFingerprint.objects.filter(kind="pdq", entry__state=State.LISTED)
    expected = set(active.values_list("value", flat=True))
    gone = Entry.objects.filter(state__in=[State.WITHDRAWN, State.QUARANTINED], listed_at__isnull=False)
    assert expected, "something stayed"
    assert gone.exists(), "and something left"
    for (client, _), values in zip(PULLERS, found, strict=True):
        assert (values - expected, expected - values) == (set(), set()), client
    assert {request.status for request in site.requests} == {200}
