"""What the settings need to know of the embedded set-up: its sockets and secrets. Standard library only."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from portal.core import memory

DATABASE = "portal"
OWNER_ROLE = "portal_owner"
APP_ROLE = "portal_app"
# A unix socket's address holds 107 bytes, and PostgreSQL's lock file beside it has the longest name.
_LONGEST_SOCKET_DIR = 107 - len("/.s.PGSQL.5432.lock")

SECRETS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "CODE_PEPPER": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
    "BLIND_INDEX_KEY": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
    "CHECKPOINT_KEY": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
    "LIST_SIGNING_KEY": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
}


def load_secrets(home: Path) -> None:
    """Put each secret of `home` into the environment; one that isn't there yet is made, in mode 0600."""
    folder = home / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, make in SECRETS.items():
        if name in os.environ or f"{name}_FILE" in os.environ:
            continue
        path = folder / name
        if not path.exists():
            _write_once(path, make())
        os.environ[f"{name}_FILE"] = str(path)


def _write_once(path: Path, value: str) -> None:
    """Whoever is first wins, and nobody ever reads half a secret: the name appears with the whole of it."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
        file.write(value)
        file.flush()
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)


def socket_dir(home: Path) -> Path:
    """Where the sockets are: in the home, or in a short temporary folder when the home's path is too long."""
    folder = home / "run"
    if len(os.fsencode(folder)) <= _LONGEST_SOCKET_DIR:
        return folder
    name = f"portal-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"
    short = Path(tempfile.gettempdir()) / name
    return short if len(os.fsencode(short)) <= _LONGEST_SOCKET_DIR else Path("/tmp") / name  # noqa: S108 (checked at start)


def index_dir(home: Path, database: str | None = None) -> Path:
    """Where the index of fingerprints lies, in memory. PORTAL_DATABASE keeps test processes apart."""
    return memory.folder(f"{home} {database or os.environ.get('PORTAL_DATABASE', DATABASE)}")


def redis_url(home: Path) -> str:
    """PORTAL_REDIS_DB keeps test processes apart."""
    return f"unix://{socket_dir(home)}/redis.sock?db={os.environ.get('PORTAL_REDIS_DB', '0')}"


def broker_url(redis: str) -> str:
    """Celery's spelling of a Redis address."""
    return redis.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")


def databases(home: Path) -> dict[str, dict[str, Any]]:
    """`default` connects as the portal's own role, `owner` as the one that owns the tables.

    PORTAL_DATABASE keeps test processes apart.
    """
    name = os.environ.get("PORTAL_DATABASE", DATABASE)
    common = {"ENGINE": "django.db.backends.postgresql", "NAME": name, "HOST": str(socket_dir(home))}
    return {"default": {**common, "USER": APP_ROLE}, "owner": {**common, "USER": OWNER_ROLE}}
