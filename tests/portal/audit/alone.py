"""The standalone verifier in a process that can import nothing but Python itself and `cryptography`."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

VERIFIER = Path(__file__).resolve().parents[3] / "deploy" / "kit" / "audit_verifier.py"
_RUN = """
import runpy, sys
sys.path.append(sys.argv[1])
for name in ("django", "portal", "requests"):
    try:
        __import__(name)
    except ImportError:
        continue
    raise SystemExit(f"{name} can be imported here")
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def verify(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs it with these arguments; `folder` is an empty one for the only packages it may see."""
    packages = folder / "packages"
    if not packages.exists():
        packages.mkdir()
        for name in ("cryptography", "cffi", "_cffi_backend"):
            found = importlib.util.find_spec(name)
            assert found
            assert found.origin
            place = Path(found.origin)
            place = place.parent if place.name == "__init__.py" else place
            (packages / place.name).symlink_to(place)
    command = [sys.executable, "-I", "-S", "-c", _RUN, str(packages), str(VERIFIER), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)
