"""Whoever is killed, nothing is orphaned, the next start works, and what is owed is done once."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from portal.embedded import home as homes
from portal.embedded import postgres
from portal.embedded.sample import listed
from portal.embedded.stack import Stack

ROOT = Path(__file__).resolve().parent.parent.parent
STORE = """
import json, sys
from portal.core.context import Context
from portal.embedded.sample.listed import _photograph
from portal.vault.services import accept
from portal.vault.staging import Stage
from hashing.services import enqueue

made = []
for name in sys.argv[1:]:
    stage = Stage()
    stage.add(_photograph(name))
    picture = accept(Context.system("test"), staged=stage.finish())
    enqueue(picture.pk)
    made.append(str(picture.pk))
print(json.dumps(made))
"""


def _until(true: Callable[[], object], seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not true after {seconds} seconds"
        time.sleep(0.1)


def _family(home: Path) -> list[int]:
    """Every process but ours whose command line or environment names the home."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            ended = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
        except OSError:
            continue
        if os.fsencode(home) + b"\0" in words or os.fsencode(home) + b"/" in words:
            found += [] if ended or int(folder.name) == os.getpid() else [int(folder.name)]
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("killed")


@pytest.fixture
def supervisor(home: Path) -> Iterator[subprocess.Popen[str]]:
    """`python -m portal.embedded`, up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    foreign = (
        "DATABASE_URL",
        "PORTAL_DATABASE",
        "PORTAL_REDIS_DB",
        *(f"{name}_FILE" for name in homes.SECRETS),
    )
    environment = {key: value for key, value in os.environ.items() if key not in foreign}
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.embedded"],
        cwd=ROOT,
        env=environment | {"PORTAL_HOME": str(home), "PORT": str(port)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    assert "Ctrl-C" in lines[-1], "".join(lines)
    yield process
    process.kill()
    process.wait()
    _until(lambda: not _family(home))


def _end(home: Path, supervisor: subprocess.Popen[str], number: signal.Signals) -> None:
    assert len(_family(home)) >= 6

    supervisor.send_signal(number)
    status = supervisor.wait(240)
    _until(lambda: not _family(home))

    assert status == (-signal.SIGKILL if number == signal.SIGKILL else 0)


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, pytest.param(signal.SIGINT, marks=pytest.mark.soak, id="SIGINT")]
)
def test_nothing_outlives_the_supervisor(
    home: Path, supervisor: subprocess.Popen[str], number: signal.Signals
) -> None:
    _end(home, supervisor, number)


def test_the_next_start_works_and_starts_killed_processes_again(
    home: Path, supervisor: subprocess.Popen[str]
) -> None:
    def children(name: str) -> list[int]:
        pids = Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children").read_text().split()
        return [int(pid) for pid in pids if name.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()]

    for name in ("gunicorn", "--queues=celery", "--queues=enrol", "celery.beat", "redis-server"):
        (before,) = children(name)
        os.kill(before, signal.SIGKILL)
        _until(lambda name=name, before=before: children(name) not in ([], [before]))  # type: ignore[misc]
    assert supervisor.poll() is None
    _end(home, supervisor, signal.SIGTERM)


@pytest.fixture(scope="module")
def broken_stack(home: Path) -> Iterator[Stack]:
    """A whole portal of its own, for breaking; on the home of those killed above, which saves making one."""
    with Stack(home, durable=False) as running:
        yield running


def _store(stack: Stack) -> list[str]:
    """Hand over the sample photographs; their ids."""
    command = [sys.executable, "-c", f"import django; django.setup()\n{STORE}", *listed.PHOTOGRAPHS]
    done = subprocess.run(
        command, cwd=ROOT, env=stack.environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    made: list[str] = json.loads(done.stdout)
    return made


def _count(stack: Stack, statement: str, pictures: list[str]) -> int:
    with postgres.connect(stack.home, homes.DATABASE) as connection:
        row = connection.execute(statement.encode(), [pictures]).fetchone()
    assert row
    return int(row[0])


def _assert_each_once(stack: Stack, pictures: list[str]) -> None:
    """Every picture is checked; its fingerprints and its audit entry are there once."""
    checked = "SELECT count(*) FROM vault_picture WHERE id = ANY(%s::uuid[]) AND state = 'checked'"
    _until(lambda: (stack.revive(), _count(stack, checked, pictures) == len(pictures))[1])
    exact = "SELECT count(*) FROM hashing_fingerprint WHERE picture_id = ANY(%s::uuid[]) AND kind = 'sha256'"
    assert _count(stack, exact, pictures) == len(pictures)
    entries = "SELECT count(*) FROM audit_entry WHERE verb = 'fingerprint.computed' AND subject_id = ANY(%s)"
    assert _count(stack, entries, pictures) == len(pictures)


def test_a_worker_killed_in_the_middle_loses_nothing(broken_stack: Stack) -> None:
    """The whole group at once: worker, pool and the child that decodes."""
    pictures = _store(broken_stack)
    leased = "SELECT count(*) FROM vault_picture WHERE id = ANY(%s::uuid[]) AND lease_until IS NOT NULL"
    _until(lambda: _count(broken_stack, leased, pictures))

    worker = broken_stack.children["worker"].process
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()

    assert "worker" in broken_stack.revive()
    with postgres.connect(broken_stack.home, homes.DATABASE) as connection:
        # The two minutes for which nobody else may take over, passed.
        connection.execute("UPDATE vault_picture SET lease_until = now() WHERE lease_until IS NOT NULL")
    _assert_each_once(broken_stack, pictures)


def test_a_broker_that_forgets_everything_loses_nothing(broken_stack: Stack) -> None:
    worker = broken_stack.children["worker"].process
    os.killpg(worker.pid, signal.SIGSTOP)
    pictures = _store(broken_stack)
    with redis.Redis(unix_socket_path=str(homes.socket_dir(broken_stack.home) / "redis.sock")) as broker:
        broker.flushall()
    os.killpg(worker.pid, signal.SIGCONT)

    _assert_each_once(broken_stack, pictures)
