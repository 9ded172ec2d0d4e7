"""The journey of `make demo`: over HTTP, with a worker, and a search for canaries in all that is kept."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from portal.demo import residue

ROOT = Path(__file__).resolve().parent.parent.parent
STEPS = [
    "PostgreSQL, Redis, web, worker and beat start, with a sample agency",
    "A person reports, without an account and without JavaScript",
    "While the case is open, nothing of it is in the clear",
    "A caseworker logs in with two factors and looks",
    "A partner pulls with an unmodified threatexchange client: nothing matches yet",
    "Two people decide: one proposes, another approves",
    "The partner pulls again, and stops the copy",
    "What that client can't find, the partner looks up by regional fingerprints",
    "The person follows the request with the code, and withdraws",
    "Nor is anything left afterwards",
    "The audit log holds",
]


def test_the_demo_holds_and_leaves_nothing(tmp_path: Path) -> None:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    run = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env=inherited | {"PORTAL_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.findall(r"^ ?\d+\. (.*)$", run.stdout, re.MULTILINE) == STEPS
    assert not list((tmp_path / "home").glob("demo-*"))
    assert residue.processes_under(tmp_path) == []
