"""PostgreSQL and Redis for one PORTAL_HOME: use what runs, start what doesn't, stop only what was started."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from portal.embedded import home as homes
from portal.embedded import postgres, process, redis

STOP_STEPS = ((signal.SIGTERM, 3.0),)


class Services:
    """What this process started, and so stops."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home
        self.durable = durable
        self.started: list[process.Child] = []
        self._owner: IO[str] | None = None

    def start(self) -> None:
        """Have both servers answer. Raises StartFailed with a sentence, and leaves nothing started."""
        _make_folders(self.home)
        with _locked(self.home):
            orphaned = self._become_owner()
            try:
                for server in (postgres, redis):
                    if orphaned:
                        server.wait_for_end(self.home)
                    elif server.running(self.home):
                        continue
                    self.started.append(server.start(self.home, durable=self.durable))
            except BaseException:
                self.stop()
                raise

    def stop(self) -> None:
        for child in reversed(self.started):
            steps = (
                ((signal.SIGINT, 10.0), (signal.SIGQUIT, 3.0)) if child.name == "PostgreSQL" else STOP_STEPS
            )
            child.stop(*steps)
        if self.started and homes.socket_dir(self.home) != self.home / "run":
            shutil.rmtree(homes.socket_dir(self.home), ignore_errors=True)
        self.started = []
        if self._owner is not None:
            self._owner.close()
            self._owner = None

    def _become_owner(self) -> bool:
        """Whether nobody who is alive has started these servers: then one that still answers is just ending.

        The kernel drops the lock with its holder, however that ends.
        """
        if self._owner is not None:
            return False
        file = (self.home / "owner.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._owner = file
        return True

    def revive(self) -> list[str]:
        """Start again what we had started and what has ended by itself; the names of it."""
        ended = [child for child in self.started if not child.running]
        if not ended:
            return []
        for child in ended:
            child.stop()
        self.started = [child for child in self.started if child.running]
        self.start()
        return [child.name for child in ended]


@contextlib.contextmanager
def running(home: Path, *, durable: bool = True) -> Iterator[Services]:
    services = Services(home, durable=durable)
    services.start()
    try:
        yield services
    finally:
        services.stop()


def _make_folders(home: Path) -> None:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = homes.socket_dir(home)
    folder.mkdir(mode=0o700, exist_ok=True)
    # In the temp folder anybody could have made it first. (`nobody` is PostgreSQL's user under root.)
    if folder.stat().st_uid != os.geteuid() and os.geteuid() != 0:
        raise process.StartFailed(f"{folder} belongs to somebody else: set PORTAL_HOME to a shorter path.")


@contextlib.contextmanager
def _locked(home: Path) -> Iterator[None]:
    """Two starts at once: the second waits, then finds the servers running."""
    with (home / "start.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
