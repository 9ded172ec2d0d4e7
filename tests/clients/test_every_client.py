"""What every client of a wire manages against the running portal: many pages, a kill, being told to wait, and
a list that is published to meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from itertools import count
from pathlib import Path

import pytest
from django.db import connections

from hashing.lists import services
from hashing.lists.states import Wire
from portal.core.errors import TooMany
from tests.clients.pulling import Access, Copy, pull
from tests.clients.serving import Site
from tests.hashing.listing import Desk, make_key, make_picture, pdq_value

WIRES = {"stopncii": Wire.STOPNCII, "extension": Wire.STOPNCII, "ncmec": Wire.NCMEC}
# The NCMEC client asks up to five seconds ago, in whole seconds.
LAG = {"stopncii": 0, "extension": 0, "ncmec": 6.2}
ROOT = Path(__file__).resolve().parent.parent.parent

every_client = pytest.mark.parametrize("client", list(WIRES))


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the clients ask for: they don't let their users choose."""
    monkeypatch.setattr("hashing.interop.stopncii.MAX_PAGE", 3)
    monkeypatch.setattr("hashing.interop.ncmec.PAGE", 3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "copy"


def access(site: Site, client: str) -> Access:
    key = make_key(WIRES[client])
    return Access(site.base, key.prefix, key.secret)


def listed(desk: Desk, count: int) -> set[str]:
    """New values on the list."""
    values = {pdq_value() for _ in range(count)}
    for value in values:
        desk.approved(make_picture(pdq=value))
    services.publish_pending()
    return values


@every_client
def test_resumes_after_a_kill(client: str, site: Site, desk: Desk, file: Path) -> None:
    values = listed(desk, 5)
    # In another second: the clients' own checkpoints are whole seconds.
    time.sleep(1.1)
    values |= listed(desk, 7)
    time.sleep(LAG[client])
    who = access(site, client)
    killed = threading.Event()
    # Once a page is stored, no other comes before it is dead.
    site.before = lambda: killed.wait(60 if Copy.read(file).values else 0)
    command = [sys.executable, "-m", "tests.clients", client, who.base, who.prefix, who.secret, str(file)]
    run = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": "deploy/kit"})
    while not Copy.read(file).values:
        assert run.poll() is None
    run.kill()
    run.wait()
    killed.set()
    site.settle()
    assert 0 < len(Copy.read(file).values) < len(values)
    assert pull(client, who, file).values == values


@every_client
def test_waits_when_told_to(
    client: str, site: Site, desk: Desk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = count(1)

    def every_third_is_too_many(_limit: object, purpose: str, *_who: str, **_words: str) -> None:
        if purpose == "pull" and next(calls) % 3 == 0:
            raise TooMany("Wait.", code="too_many_pulls", retry_after=1)

    monkeypatch.setattr("hashing.api.callers.volume.take", every_third_is_too_many)
    values = listed(desk, 12)
    time.sleep(LAG[client])
    assert pull(client, access(site, client), file).values == values
    told = [number for number, request in enumerate(site.requests) if request.status == 429]
    assert told
    for number in told:
        asked, again = site.requests[number : number + 2]
        assert asked.retry_after >= 1
        assert again.at - asked.at >= 0.99 * asked.retry_after


@every_client
def test_skips_nothing_that_is_published_meanwhile(client: str, site: Site, desk: Desk, file: Path) -> None:
    values, stop = listed(desk, 3), threading.Event()

    def publish() -> None:
        try:
            while not stop.is_set():
                values.update(listed(desk, 1))
        finally:
            connections.close_all()

    writer = threading.Thread(target=publish)
    writer.start()
    who, until = access(site, client), time.monotonic() + max(2.0, LAG[client])
    while time.monotonic() < until or (len(values) <= 10 and writer.is_alive()):
        pull(client, who, file)
        time.sleep(0.2)
    stop.set()
    writer.join()
    time.sleep(LAG[client])
    assert pull(client, who, file).values == values
    assert len(values) > 10
