"""PostgreSQL and Redis start, stop, are shared, and survive being killed."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from portal.embedded import home as homes
from portal.embedded import postgres
from portal.embedded import redis as embedded_redis
from portal.embedded.process import StartFailed
from portal.embedded.services import Services, running

ROOT = Path(__file__).resolve().parent.parent.parent.parent
HOLD = """
import sys, time
from pathlib import Path
from portal.embedded.services import Services
services = Services(Path(sys.argv[1]), durable=False)
services.start()
print("up", flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def holder(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that started the servers."""
    command = [sys.executable, "-c", HOLD, str(home)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "up\n"
    yield process
    process.kill()
    process.wait()


def _wait_until_down(home: Path, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while postgres.running(home) or embedded_redis.running(home):
        assert time.monotonic() < deadline, "a server outlived the process that started it"
        time.sleep(0.05)


def _pids(home: Path) -> list[int]:
    """Every process whose command line names the home."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if os.fsencode(home) in words and int(path.parent.name) != os.getpid():
            found.append(int(path.parent.name))
    return found


def test_both_start_and_stop_leaving_nothing(home: Path) -> None:
    with running(home, durable=False):
        with postgres.connect(home, "portal") as connection:
            assert connection.execute("SHOW server_version").fetchone() is not None
        assert embedded_redis.running(home)

    assert _pids(home) == []
    assert list(homes.socket_dir(home).iterdir()) == []


def test_data_stays_and_the_second_start_makes_nothing(home: Path) -> None:
    with running(home), postgres.connect(home, "portal") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (what text)")
        connection.execute("INSERT INTO kept VALUES ('this')")
    with running(home), postgres.connect(home, "portal") as connection:
        assert connection.execute("SELECT what FROM kept").fetchone() == ("this",)


def test_roles_and_default_rights(home: Path) -> None:
    with running(home, durable=False), postgres.connect(home, "portal") as connection:
        connection.execute("SET ROLE portal_owner")
        connection.execute("CREATE TABLE owned (id serial, what text)")
        connection.execute("SET ROLE portal_app")
        connection.execute("INSERT INTO owned (what) VALUES ('x')")
        assert connection.execute("SELECT id, what FROM owned").fetchone() == (1, "x")
        with pytest.raises(Exception, match="must be owner"):
            connection.execute("DROP TABLE owned")


def test_servers_listen_on_unix_sockets_alone(home: Path) -> None:
    with running(home, durable=False):
        with postgres.connect(home) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        with redis.Redis(unix_socket_path=str(homes.socket_dir(home) / "redis.sock")) as client:
            assert client.config_get("port") == {"port": "0"}


def test_folders_are_their_owners_alone(home: Path) -> None:
    with running(home, durable=False):
        folders = [home / "pgdata", home / "redis", homes.socket_dir(home), home / "logs"]
        assert {folder.stat().st_mode & 0o077 for folder in folders} == {0}


def test_only_a_durable_redis_keeps_its_changes(home: Path) -> None:
    for durable, kept in ((True, b"1"), (False, None)):
        with running(home, durable=durable), redis.Redis(unix_socket_path=_redis_socket(home)) as client:
            client.flushdb()
            client.set("a", "1")
        with running(home, durable=durable), redis.Redis(unix_socket_path=_redis_socket(home)) as client:
            assert client.get("a") == kept


def _redis_socket(home: Path) -> str:
    return str(homes.socket_dir(home) / "redis.sock")


def test_running_servers_are_used_and_not_stopped(home: Path, holder: subprocess.Popen[str]) -> None:
    services = Services(home, durable=False)
    services.start()
    assert services.started == []
    services.stop()

    assert postgres.running(home)
    assert embedded_redis.running(home)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_servers_end_with_whoever_started_them(
    home: Path, holder: subprocess.Popen[str], number: signal.Signals
) -> None:
    holder.send_signal(number)
    holder.wait()

    _wait_until_down(home)
    deadline = time.monotonic() + 60
    while _pids(home) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _pids(home) == []


def test_a_start_right_after_a_kill_works(home: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()

    services = Services(home, durable=False)
    services.start()
    assert [child.name for child in services.started] == ["PostgreSQL", "Redis"]
    services.stop()


def test_a_stale_pid_file_of_another_process_is_no_obstacle(home: Path) -> None:
    with running(home, durable=False):
        pass
    (home / "pgdata" / "postmaster.pid").write_text(f"{os.getpid()}\n{home}/pgdata\n0\n5432\n\n\n\n")

    with running(home, durable=False):
        assert postgres.running(home)


def test_killed_servers_are_revived(home: Path) -> None:
    with running(home, durable=False) as services:
        for child in services.started:
            child.process.kill()
            child.process.wait()

        assert sorted(services.revive()) == ["PostgreSQL", "Redis"]
        assert postgres.running(home)
        assert embedded_redis.running(home)
    assert _pids(home) == []


def test_two_starts_at_once_make_one_of_each(home: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(home)]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        assert [process.stdout.readline() for process in both if process.stdout] == ["up\n", "up\n"]
        servers = [pid for pid in _pids(home) if pid not in {process.pid for process in both}]
        assert len([pid for pid in servers if os.getpgid(pid) == pid]) == 2
    finally:
        for process in both:
            process.kill()
            process.wait()
    _wait_until_down(home)


def test_a_long_path_works_and_its_socket_folder_goes_away(tmp_path: Path) -> None:
    home = tmp_path / ("x" * 60) / ("y" * 60)

    with running(home, durable=False):
        folder = homes.socket_dir(home)
        assert folder.is_relative_to("/tmp") or len(str(folder)) <= 90
        assert postgres.running(home)
        assert folder.stat().st_mode & 0o777 == 0o700

    assert not folder.exists()


def test_an_initdb_that_was_cut_short_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "pgdata.new").mkdir()
    (tmp_path / "pgdata.new" / "PG_VERSION").write_text("18\n")

    with running(tmp_path, durable=False):
        assert postgres.running(tmp_path)


@pytest.mark.skipif("os.geteuid() != 0", reason="only root has to become somebody else")
def test_root_without_user_namespaces_becomes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "ROOT_MODES", ("nobody",))

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.parent.chmod(0o711)
        if not _anybody_may_reach(postgres.binaries()):
            with pytest.raises(StartFailed, match=r"put the folder where `nobody` may reach it"):
                Services(home, durable=False).start()
            return
        for _ in range(2):
            with running(home, durable=False):
                assert (home / "pgdata").owner() == "nobody"


def _anybody_may_reach(folder: Path) -> bool:
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (folder, *folder.parents))


@pytest.mark.skipif("os.geteuid() != 0", reason="only root has to become somebody else")
def test_root_that_can_become_nobody_else_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "ROOT_MODES", ())

    with pytest.raises(StartFailed, match=r"run this as an ordinary user"):
        Services(tmp_path).start()


def test_a_missing_server_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr("sys.executable", "/nowhere/python")

    with pytest.raises(StartFailed, match=r"^The embedded PostgreSQL is missing: install"):
        postgres.binaries()
    with pytest.raises(StartFailed, match=r"^No redis-server or valkey-server on PATH: install"):
        embedded_redis.binary()
