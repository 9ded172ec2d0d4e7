"""The whole portal runs, and a real browser can use it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page

from portal.core import memory
from portal.embedded import home as homes
from portal.embedded.process import StartFailed
from portal.embedded.stack import Stack


def test_every_part_runs_under_one_home(stack: Stack) -> None:
    running = {name for name, child in stack.children.items() if child.running}
    assert running == {"web", "worker", "enrol", "beat"}
    assert stack.revive() == []
    assert stack.sample["base_url"] == stack.base_url


def test_answers_name_no_server(stack: Stack) -> None:
    with urllib.request.urlopen(f"{stack.base_url}/healthz") as response:
        assert "Server" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"


def test_logs_hold_no_address_and_no_path(stack: Stack) -> None:
    with pytest.raises(Exception, match="404"):
        urllib.request.urlopen(f"{stack.base_url}/canary-5b1e")

    logs = "".join(path.read_text(errors="replace") for path in (stack.home / "logs").iterdir())
    assert "canary-5b1e" not in logs
    assert "127.0.0.1" not in "".join((stack.home / "logs" / "web.log").read_text().splitlines())


def test_commands_work_on_its_data(stack: Stack) -> None:
    done = stack.manage("migrate", "--check")

    assert done.returncode == 0, done.stderr


def test_a_taken_port_is_a_sentence_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(StartFailed, match=rf"^Port {port} is taken \(.*\): set PORT to another one\.$"):
            Stack(tmp_path / "home", port).start()

    assert not (tmp_path / "home").exists()


@pytest.mark.browser
def test_a_browser_loads_our_own_files_alone(stack: Stack, page: Page) -> None:
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)

    page.goto("/")

    assert page.locator("h1").first.is_visible()
    assert asked
    assert all(address.startswith(stack.base_url) for address in asked)
    assert broken == []


@pytest.mark.parametrize("port", ["", "0", "65536", "²", "٣", "9" * 5000, "80 ", "-1"])
def test_a_port_that_is_none_gets_a_sentence(tmp_path: Path, port: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    done = subprocess.run(
        [sys.executable, "-m", "portal.embedded"],
        env=kept | {"PORTAL_HOME": str(tmp_path), "PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "PORT must be a number from 1 to 65535.\n")


def test_the_worker_keeps_an_index_in_memory(stack: Stack) -> None:
    """Every picture of the sample agency is in it within seconds, by beat and worker alone."""
    deadline = time.monotonic() + 60
    while True:
        status = json.loads(stack.manage("index", "status").stdout)
        if status["built"] and status["pictures"] and not status["changes_behind"]:
            break
        assert time.monotonic() < deadline, status
        time.sleep(1)
    folder = homes.index_dir(stack.home, homes.DATABASE)
    assert (status["folder"], memory.is_in_memory(folder)) == (str(folder), True)
    assert status["seconds_old"] < 60
