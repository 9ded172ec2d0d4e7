"""The fingerprints' code for browsers has tests of its own, in Node."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

UI = Path(__file__).parents[3] / "portal" / "ui"


def test_the_engine_passes_its_own_tests() -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        ["npm", "test", "--silent"],
        cwd=UI,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "# fail 0" in done.stdout
    assert "# pass 10" in done.stdout
