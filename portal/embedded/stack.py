"""The whole portal as child processes: PostgreSQL, Redis, web, two workers and beat."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from portal.embedded import home as homes
from portal.embedded import process
from portal.embedded.services import Services

ROOT = Path(__file__).resolve().parent.parent.parent
READY_SECONDS = 120
PORT_SECONDS = 2
# What another set-up's environment would change here.
FOREIGN = [
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "KEYRING_DIR",
    "SEALED_DIR",
    "VAULT_DIR",
    "INDEX_DIR",
    "STATIC_ROOT",
    "BASE_URL",
    "ALLOWED_HOSTS",
    "PORT",
    "PORTAL_OFFLINE",
    "PORTAL_DATABASE",
    "PORTAL_REDIS_DB",
    "PORTAL_HOME",
    "DJANGO_SETTINGS_MODULE",
    "BEHIND_PROXY",
]
# SIGTERM lets requests and tasks end; the worker's SIGQUIT gives its tasks back to the broker.
STOP_STEPS = ((signal.SIGTERM, 4.0), (signal.SIGQUIT, 2.0))
# A worker that waits for a broker which is gone ends by nothing less; one killed at any line loses nothing.
DIES_BY = {
    "web": signal.SIGTERM,
    "worker": signal.SIGKILL,
    "enrol": signal.SIGKILL,
    "beat": signal.SIGTERM,
}
# Full fingerprints take seconds each; what people wait for has a worker of its own.
QUEUES = {"worker": "celery", "enrol": "enrol"}


class Stack:
    """`with Stack(home, port) as stack:` everything runs on `stack.base_url`; at the end nothing does.

    `port` 0 takes a free one. Start it from the main thread: children end with the thread that started them.
    """

    def __init__(
        self,
        home: Path,
        port: int = 0,
        *,
        durable: bool = True,
        processes: int = 1,
        say: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self.home = home.resolve()
        self.port = port
        self.processes = processes
        self.say = say
        self.services = Services(self.home, durable=durable)
        self.children: dict[str, process.Child] = {}

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sample(self) -> dict[str, Any]:
        """What `sample.json` holds: the sample agency's logins."""
        found: dict[str, Any] = json.loads((self.home / "sample.json").read_text())
        return found

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when the portal answers. Raises StartFailed with a sentence, and leaves nothing running."""
        self.port = _free_port(self.port)
        try:
            self.say("Starting PostgreSQL and Redis")
            self.services.start()
            self._prepare()
            for name in DIES_BY:
                self._start(name)
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends all that was started, within seconds, even when it is asked twice."""
        process.stop_all(list(self.children.values()), *STOP_STEPS)
        self.children = {}
        self.services.stop()
        shutil.rmtree(homes.index_dir(self.home, homes.DATABASE), ignore_errors=True)

    def revive(self) -> list[str]:
        """Start again whatever ended by itself; the names of what did."""
        ended = [name for name, child in self.children.items() if not child.running]
        servers = self.services.revive()
        for name in ended:
            self.children[name].stop()
            self._start(name)
        return servers + ended

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`manage.py WORDS` on this stack's data."""
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False
        )

    def environment(self) -> dict[str, str]:
        foreign = {*FOREIGN, *homes.SECRETS, *(f"{name}_FILE" for name in (*homes.SECRETS, *FOREIGN))}
        kept = {name: value for name, value in os.environ.items() if name not in foreign}
        return kept | {
            "PORTAL_HOME": str(self.home),
            "PORT": str(self.port),
            "BASE_URL": self.base_url,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PYTHONUNBUFFERED": "1",
        }

    def _prepare(self) -> None:
        self.say("Preparing the database, keys and pages")
        done = self.manage("prepare")
        if done.returncode != 0:
            raise process.StartFailed(f"The portal can't be prepared:\n{done.stdout}{done.stderr}".rstrip())

    def _start(self, name: str) -> None:
        self.children[name] = process.start(
            name,
            [sys.executable, "-m", *self._command(name)],
            log=self.home / "logs" / f"{name}.log",
            dies_by=DIES_BY[name],
            env=self.environment(),
            cwd=ROOT,
        )

    def _command(self, name: str) -> list[str]:
        if name == "web":
            bind = f"127.0.0.1:{self.port}"
            return ["gunicorn", "-c", "python:portal.core.gunicorn", "--bind", bind, "portal.wsgi"]
        celery = ["celery", "--quiet", "-A", "portal"]
        if name == "beat":
            # In memory: what is owed is in the database, so beat has nothing to remember.
            return [*celery, "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile="]
        alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        own = [f"--queues={QUEUES[name]}", f"--hostname={name}@%h", f"--concurrency={self.processes}"]
        return [*celery, "worker", "--pool=prefork", *own, *alone]

    def _wait_until_ready(self) -> None:
        self.say("Waiting for the first page")
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(f"{self.base_url}/healthz"):
            dead = next((child for child in self.children.values() if not child.running), None)
            if dead or time.monotonic() > deadline:
                child = dead or self.children["web"]
                raise process.StartFailed(f"The {child.name} process doesn't start:\n{child.last_words()}")
            time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 (our own address)
            return bool(response.status == HTTPStatus.OK)
    except (OSError, urllib.error.HTTPError):
        return False


def _free_port(port: int) -> int:
    """`port`, or any free one for 0. Raises StartFailed when it is taken."""
    deadline = time.monotonic() + PORT_SECONDS
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                # A portal that was just stopped may take a moment to let go.
                if time.monotonic() > deadline:
                    sentence = f"Port {port} is taken ({error.strerror}): set PORT to another one."
                    raise process.StartFailed(sentence) from None
                time.sleep(0.1)
            else:
                return int(probe.getsockname()[1])
